/** One promise of a backend; it throws when it is broken. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}
