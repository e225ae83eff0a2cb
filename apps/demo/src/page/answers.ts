/** A choice opens the answer to its question, and says it aloud to who listens. */
export function openAnswers(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('.predict')) {
    const answer = form.querySelector('details');
    answer?.setAttribute('aria-live', 'polite');
    form.addEventListener('change', () => {
      if (answer) answer.open = true;
    });
    form.addEventListener('submit', (event) => event.preventDefault());
  }
}
