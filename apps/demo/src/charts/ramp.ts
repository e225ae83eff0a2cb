// Colours for canvases, from the tokens of the theme that is on.

const MAGNITUDE = ['--m0', '--m1', '--m2', '--m3', '--m4', '--m5'];
const SIGNED = ['--d-2', '--d-1', '--d0', '--d1', '--d2'];

export type Ramp = (share: number) => string;

/** From 0 to 1. */
export const magnitudeRamp = (): Ramp => ramp(MAGNITUDE);
/** From −1 to 1. */
export const signedRamp = (): Ramp => {
  const colour = ramp(SIGNED);
  return (share) => colour(0.5 + share / 2);
};

function ramp(tokens: readonly string[]): Ramp {
  const stops = tokens.map(resolve);
  return (share) => {
    const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    const [from = [], to = []] = stops.slice(at, at + 2);
    const mixed = from.map((value, i) =>
      Math.round(value + ((to[i] ?? value) - value) * (place - at)),
    );
    return `rgb(${mixed.join()})`;
  };
}

/** A token's red, green and blue: what it is follows from the theme, so the browser is asked. */
function resolve(token: string): number[] {
  const probe = document.createElement('i');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return (color.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}
