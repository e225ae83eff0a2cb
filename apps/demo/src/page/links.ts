import { follow } from '../state/address.ts';

/** Links such as `?lambda=1#settle` change those settings and leave the others, without loading the page anew. */
export function followLinks(): void {
  addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="?"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const { search, hash } = new URL(link.href);
    follow(search, hash);
    const panel = document.querySelector(`${hash || '#top'} [data-panel]`);
    panel?.scrollIntoView({ block: 'nearest' });
  });
}
