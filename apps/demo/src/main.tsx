import { type ComponentType, render } from 'preact';
import { useEngine } from './engine/engine.ts';
import { openAnswers } from './page/answers.ts';
import { followLinks } from './page/links.ts';
import { markCurrentScene } from './page/navigation.ts';
import { whenNear } from './page/when-near.ts';
import { Badge } from './parts/badge.tsx';
import { ThemeButton } from './parts/theme-button.tsx';
import { scenes } from './scenes/scenes.ts';

function mount(place: Element | null, Component: ComponentType | undefined): void {
  if (!place || !Component) return;
  place.replaceChildren();
  render(<Component />, place);
}

useEngine();
mount(document.querySelector('#badge'), Badge);
mount(document.querySelector('#theme'), ThemeButton);
openAnswers();
followLinks();
markCurrentScene();

for (const [name, load] of Object.entries(scenes)) {
  const section = document.querySelector(`#${name}`);
  if (!section) continue;
  whenNear(section, async () => {
    const { scene } = await load();
    mount(section.querySelector('[data-panel]'), scene.Panel);
    mount(section.querySelector('[data-equation]'), scene.Numbers);
    mount(section.querySelector('[data-command]'), scene.Command);
  });
}
