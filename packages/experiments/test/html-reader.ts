export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const VOID = ['meta', 'br', 'hr'];

/** A strict reader of the HTML and SVG that a report is made of: everything closed, quoted and escaped. */
export function parse(html: string): Element {
  const root: Element = { tag: '', attributes: {}, children: [] };
  const open = [root];
  const rest = html.replace(/^<!doctype html>\s*/, '');
  const token = /<(\/?)([a-z0-9]+)((?:\s[a-z][-a-z0-9A-Z]*(?:="[^"<>]*")?)*)(\/?)>|([^<>]+)/gy;
  let at = 0;
  while (at < rest.length) {
    token.lastIndex = at;
    const found = token.exec(rest);
    if (!found) throw new Error(`not HTML: ${rest.slice(at, at + 80)}`);
    at = token.lastIndex;
    const [, closes, tag = '', attributes = '', empty, text] = found;
    const parent = open.at(-1) as Element;
    if (text !== undefined) {
      if (parent.tag !== 'style' && /&(?!(amp|lt|gt|quot|#39);)/.test(text)) {
        throw new Error(`a bare ampersand: ${text}`);
      }
      parent.children.push(text);
    } else if (closes) {
      if (open.pop()?.tag !== tag) throw new Error(`</${tag}> closes nothing`);
    } else {
      const pairs = [...attributes.matchAll(/([-\w]+)="([^"]*)"/g)];
      const element = {
        tag,
        attributes: Object.fromEntries(pairs.map(([, name, value]) => [name, value])),
        children: [],
      };
      parent.children.push(element);
      if (!empty && !VOID.includes(tag)) open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`${open.at(-1)?.tag} is not closed`);
  return root;
}

export function all(element: Element, tag: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.tag === tag ? [child] : []), ...all(child, tag)],
  );
}

export const text = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : text(child))).join('');
