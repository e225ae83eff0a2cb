/** What `load` gives for each item, in their order, while so many others are being loaded already. */
export async function* readAhead<Item, Loaded>(
  items: AsyncIterable<Item>,
  ahead: number,
  load: (item: Item) => Promise<Loaded>,
): AsyncGenerator<Loaded> {
  const waiting: Promise<Loaded>[] = [];
  for await (const item of items) {
    const loading = load(item);
    // Its error is for whoever takes it, not for the process.
    loading.catch(() => undefined);
    waiting.push(loading);
    if (waiting.length > ahead) yield (await waiting.shift()) as Loaded;
  }
  for (const loading of waiting) yield await loading;
}
