import type { JSX } from 'preact';

export interface TwinTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** "Read as a table": the numbers of a figure, for whoever cannot or would rather not see it. */
export const TableTwin = ({ tables }: { readonly tables: readonly TwinTable[] }): JSX.Element => (
  <details class="twin">
    <summary>Read as a table</summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard */}
    <section tabIndex={0} aria-label="The same as tables">
      {tables.map(({ caption, head, rows }) => (
        <table key={caption}>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {head.map((title, i) => (
                <th key={title} scope="col" class={i > 0 ? 'number' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row[0]}>
                {row.map((value, i) =>
                  i === 0 ? (
                    <th scope="row" key={head[i]}>
                      {value}
                    </th>
                  ) : (
                    <td class="number" key={head[i]}>
                      {value}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </section>
  </details>
);
