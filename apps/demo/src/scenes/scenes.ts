import type { Scene } from './scene.ts';

/** Each is loaded when it comes near the window. */
export const scenes: Readonly<Record<string, () => Promise<{ readonly scene: Scene }>>> = {
  remember: () => import('./remember/remember.tsx'),
  settle: () => import('./settle/settle.tsx'),
  train: () => import('./train/train.tsx'),
  look: () => import('./look/look.tsx'),
};
