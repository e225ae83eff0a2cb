import { checkChoice, controlBits, OptionError } from '@fastweights/core';

/** What a glimpse is to the model: a region seen coarsely, a part of it seen finely, or the region once more. */
export type GlimpseRole = 'coarse' | 'fine' | 'again';

const region: readonly GlimpseRole[] = ['coarse', 'fine', 'fine', 'fine', 'fine', 'again'];

/** The 24 glimpses of Figure 3: four regions, each of them coarse, in four parts, and coarse again. */
export const glimpseRoles: readonly GlimpseRole[] = [...region, ...region, ...region, ...region];

/** Pieces of Figure 3 that can be taken away, to see what each is worth. */
export interface GlimpseControlOptions {
  /** Whether h is wiped after a coarse glimpse was stored. Default true. */
  readonly wipe?: boolean | undefined;
  /** When h is written to A: after coarse glimpses only (default), or after every glimpse. */
  readonly store?: 'coarse' | 'every' | undefined;
  /**
   * Whether the region is looked at again. Default true. Without it, those steps are held, as if the sequence did not
   * have them, and the last fine glimpse before is the one that integrates: A is read as often as before (our choice).
   */
  readonly secondLook?: boolean | undefined;
}

/**
 * The control bits that make a fast-weights cell the multi-level model of Figure 3:
 *
 *     coarse   h = f(W h + C x);  A ← λ A + η h hᵀ;  h ← 0              write, wipe
 *     fine     h = f(W h + C x)                                         –
 *     again    h₀ = f(C x);  h = f(LN[W_int h + C x + A h₀])            read, integrate
 */
export function glimpseControl(
  roles: readonly GlimpseRole[],
  options: GlimpseControlOptions = {},
): number[] {
  const { wipe = true, store = 'coarse', secondLook = true } = options;
  checkChoice('wipe', wipe, [true, false]);
  checkChoice('store', store, ['coarse', 'every']);
  checkChoice('secondLook', secondLook, [true, false]);
  for (const role of roles) checkChoice('each of the roles', role, ['coarse', 'fine', 'again']);

  const integrates = (step: number): boolean =>
    secondLook ? roles[step] === 'again' : roles[step] === 'fine' && roles[step + 1] !== 'fine';
  if (!roles.some((_, step) => integrates(step))) {
    const reader = secondLook ? "an 'again' (or secondLook false)" : "a 'fine'";
    throw new OptionError('roles', `a list with ${reader}, where A is read`, `[${roles}]`);
  }
  return roles.map((role, step) => {
    if (role === 'again' && !secondLook) return controlBits.hold;
    return (
      (integrates(step) ? controlBits.read | controlBits.integrate : 0) |
      (role === 'coarse' || store === 'every' ? controlBits.write : 0) |
      (role === 'coarse' && wipe ? controlBits.wipe : 0)
    );
  });
}
