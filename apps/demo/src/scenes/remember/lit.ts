import { signal } from '@preact/signals';

/** The part of the figure that a term of the equation stands for, while it is pointed at. */
export const lit = signal<'arc' | 'read' | 'state' | undefined>(undefined);
