/** A token's colour in the theme that is on, as canvases take it. */
export function colourOf(token: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export const pixelRatio = (): number => Math.max(globalThis.devicePixelRatio, 1);
