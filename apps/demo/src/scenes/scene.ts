import type { ComponentType } from 'preact';

/** The living part of a scene; its text stands in the `scene.html` beside it. */
export interface Scene {
  /** The figure: a `<figure class="panel parts …">`. */
  readonly Panel: ComponentType;
  /** The equation with this moment's numbers, in place of the one in the text. */
  readonly Numbers?: ComponentType;
  /** The CLI command that does the same with the settings of this moment. */
  readonly Command?: ComponentType;
}
