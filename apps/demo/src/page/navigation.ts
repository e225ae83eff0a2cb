/** Marks the scene that is read in the bar. */
export function markCurrentScene(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.bar nav a')];
  const mark = (id: string): void => {
    for (const link of links) {
      if (link.hash === `#${id}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  // The one that crosses a line a third below the top.
  const observer = new IntersectionObserver(
    (entries) => {
      const [entry] = entries.filter(({ isIntersecting }) => isIntersecting);
      if (entry) mark(entry.target.id);
    },
    { rootMargin: '-33% 0px -66% 0px' },
  );
  for (const section of document.querySelectorAll('section.scene')) observer.observe(section);
}
