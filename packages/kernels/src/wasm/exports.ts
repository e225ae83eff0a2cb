/** What assembly/ exports. All arguments are numbers: addresses in bytes, sizes, flags. */
export interface Exports {
  readonly placeholder: (address: number) => number;
}
