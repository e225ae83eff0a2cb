/** Per cent with two decimals, as in the paper, and with another one below a hundredth: one string of 20,000 is 0.005. */
export const perCent = (value: number): string => value.toFixed(value > 0 && value < 0.01 ? 3 : 2);

/** `40,000` */
export const thousands = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `250 k` on an axis. */
export const shortCount = (count: number): string =>
  count >= 1000 ? `${Number((count / 1000).toFixed(1))} k` : String(count);

/** `1 h 20 min`, `3 min 5 s`, `12 s` */
export function duration(seconds: number): string {
  const all = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, inside an attribute too. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);

/** Text for one cell of a Markdown table, or a line of its own. */
export const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');
