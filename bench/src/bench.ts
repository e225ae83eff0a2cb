import { command, say, tell } from './command.ts';
import { type Comparison, compare } from './compare.ts';
import { Hosts } from './hosts.ts';
import { describeMachine } from './machine.ts';
import { help, parseOptions } from './options.ts';
import { details, summary, versions } from './report.ts';
import { save } from './save.ts';

// `pnpm bench`: whole training steps, ours against the peers'.

await command(async (args) => {
  const options = parseOptions(args);
  if (options === 'help') return say(help);
  const machine = describeMachine();
  const hosts = new Hosts(tell);
  const comparisons: Comparison[] = [];
  try {
    for (const size of options.sizes) comparisons.push(await compare(size, options, hosts, tell));
  } finally {
    await hosts.stop();
  }
  const used = { node: process.version, ...versions(comparisons) };
  const { processor, threads, load } = machine;
  say(`${processor}, ${threads} threads, load ${load.toFixed(2)} before the run`);
  const list = Object.entries(used).map(([name, version]) => `${name} ${version}`);
  say(`${list.join(', ')}\n`);
  say('Times are of one training step; ratios are peer / ours, above 1 where ours is faster.\n');
  say(`${summary(comparisons)}\n`);
  for (const comparison of comparisons) say(`${details(comparison)}\n`);
  if (options.save === undefined) return;
  const date = new Date().toISOString();
  const result = { date, machine, versions: used, command: args, results: comparisons };
  say(`Saved ${save(options.save, result)}`);
});
