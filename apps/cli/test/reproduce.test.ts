import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runCli, startCli } from './run-cli.ts';
import { whatIsLeft } from './what-is-left.ts';

const TIMEOUT = 120_000;
const SMALL = ['sizes.training=500', 'sizes.validation=200', 'sizes.test=300', 'batchSize=32'];

/** One run of Table 1, small enough for a test. */
const one = (out: string, updates = 300, ...more: string[]): string[] => [
  ...['reproduce', 'table1', '--models', 'fast-weights', '--units', '20', '--seeds', '1'],
  ...['--out', out, '--json', ...more],
  ...['--set', ...SMALL, `maxUpdates=${updates}`, 'validateEvery=30'],
];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-reproduce-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

type Json = Readonly<Record<string, unknown>>;

const linesOf = ({ stdout }: Ended): Json[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);

const eventsOf = (ended: Ended, name: string): Json[] =>
  linesOf(ended).filter(({ event }) => event === name);

async function readJson(...place: string[]): Promise<Json> {
  return JSON.parse(await readFile(path.join(...place), 'utf8')) as Json;
}

/** The directories of runs of Table 1. */
async function runsIn(out: string): Promise<string[]> {
  const entries = await readdir(path.join(out, 'table1'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(out, 'table1', name));
}

/** What the runs of Table 1 leave, without the clock. */
async function remains(out: string): Promise<object> {
  const directories = await runsIn(out);
  const each = directories.map(async (directory) => [
    path.basename(directory),
    await whatIsLeft(directory),
  ]);
  return Object.fromEntries(await Promise.all(each));
}

/** Runs the command until this is printed, and ends it. */
async function interrupt(
  args: readonly string[],
  text: string,
  signal: NodeJS.Signals,
): Promise<Ended> {
  const running = startCli(args);
  await running.printed(text);
  running.child.kill(signal);
  return running.ended;
}

describe('reproduce', { timeout: TIMEOUT }, () => {
  it('trains every run of a plan, reports, and skips what is done', async () => {
    const out = path.join(folder, 'table');
    const args = [
      ...['reproduce', 'table1', '--models', 'lstm,fast-weights', '--units', '20,50'],
      ...['--budget', 'quick', '--out', out],
      ...['--set', ...SMALL, 'maxUpdates=12', 'validateEvery=6'],
    ];
    const first = await runCli(args);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('4 runs of 48 updates in all at most.');
    expect(first.stdout).toMatch(/^ {2}1\/4 lstm +20 +1 +6\/12 +\S+ +\d\.\d{3} +\d\d\.\d\d % +/m);
    expect(first.stdout).toMatch(/^ {2}LSTM +\d\d\.\d\d \(60\.81\) +\d\d\.\d\d \(1\.85\)$/m);

    const [directory = ''] = await runsIn(out);
    const { result } = (await readJson(directory, 'result.json')) as { result: Json };
    const value = (100 * (result['testError'] as number)).toFixed(2);
    const report = await readJson(out, 'table1', 'report.json');
    expect(report).toHaveProperty('facts.machine.Workers', '1');
    const [{ cells }] = report['tables'] as [{ cells: { chosen: { value: number } }[] }];
    expect(cells).toHaveLength(4);
    expect(cells.map(({ chosen }) => chosen.value.toFixed(2))).toContain(value);
    for (const name of ['report.md', 'report.html']) {
      const text = await readFile(path.join(out, 'table1', name), 'utf8');
      expect(text).toContain(value);
      expect(text).toContain('60.81');
      expect(text).toContain('maxUpdates=12');
    }

    // A part of it knows the rest.
    const part = args.map((word) => (word === '20,50' ? '50' : word));
    expect((await runCli(part)).stdout).toMatch(
      /^ {2}LSTM +\d\d\.\d\d \(60\.81\) +\d\d\.\d\d \(1/m,
    );
    const markdown = await readFile(path.join(out, 'table1', 'report.md'), 'utf8');
    expect(markdown).toContain(
      `fastweights reproduce table1 --budget quick --out ${out} --set ${SMALL.join(' ')} maxUpdates=12`,
    );

    const before = (await stat(path.join(directory, 'result.json'))).mtimeMs;
    const second = await runCli([...args, '--json']);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(second).map(({ event }) => event)).toEqual([
      'plan',
      ...['found', 'found', 'found', 'found'],
      'report',
    ]);
    expect(linesOf(second)[0]).toMatchObject({ done: 4, begun: 0 });
    expect((await stat(path.join(directory, 'result.json'))).mtimeMs).toBe(before);

    // Figure 2 is of the same runs.
    const figure = await runCli(args.map((word) => (word === 'table1' ? 'figure2' : word)));
    expect(figure.code).toBe(2);
    const half = [...args, '--json'].map((word) =>
      word === 'table1' ? 'figure2' : word === '20,50' ? '50' : word,
    );
    expect(eventsOf(await runCli(half), 'found')).toHaveLength(2);
  });

  it.each([1, 2])(
    'killed twice with %i workers, leaves what an undisturbed run leaves',
    async (workers) => {
      const [whole, broken] = ['whole', 'broken'].map((name) =>
        path.join(folder, `${name}-${workers}`),
      ) as [string, string];
      const argsOf = (out: string): string[] =>
        one(out, 450, '--backend', 'wasm', '--workers', `${workers}`);
      expect(await runCli(argsOf(whole))).toMatchObject({ code: 0, stderr: '' });
      for (const update of [99, 213]) {
        const text = `"update":${update},`;
        const killed = await interrupt(argsOf(broken), text, 'SIGKILL');
        expect(killed.signal).toBe('SIGKILL');
      }
      const last = await runCli(argsOf(broken));
      expect(last).toMatchObject({ code: 0, stderr: '' });
      expect(eventsOf(last, 'resumed')).toHaveLength(1);
      expect(eventsOf(last, 'progress')[0]?.['update']).toBeGreaterThan(180);
      expect(await remains(broken)).toEqual(await remains(whole));
      const [directory = ''] = await runsIn(broken);
      const { result } = (await readJson(directory, 'result.json')) as { result: Json };
      expect(result['sessions']).toMatchObject([{ workers }, { workers }, { workers }]);
    },
  );

  it.each([1, 2])(
    'with %i workers saves on Ctrl-C, and goes on with the same command',
    async (workers) => {
      const [whole, out] = ['never', 'stopped'].map((name) =>
        path.join(folder, `${name}-${workers}`),
      ) as [string, string];
      const argsOf = (place: string): string[] =>
        one(place, 300, '--backend', 'wasm', '--workers', `${workers}`);
      const stopped = await interrupt(argsOf(out), '"update":42,', 'SIGINT');
      expect(stopped).toMatchObject({ code: 130, signal: null, stderr: '' });
      expect(eventsOf(stopped, 'interrupted')).toHaveLength(1);
      const [directory = ''] = await runsIn(out);
      const [name = ''] = (await readdir(path.join(directory, 'checkpoints'))).toSorted();
      expect(Number(/-update-(\d+)$/.exec(name)?.[1])).toBeGreaterThanOrEqual(30);
      expect((await readJson(out, 'table1', 'report.json'))['tables']).toMatchObject([
        { runs: [{ status: 'left' }] },
      ]);

      const [resumed] = await Promise.all([runCli(argsOf(out)), runCli(argsOf(whole))]);
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(await remains(out)).toEqual(await remains(whole));
    },
  );

  it('trains side by side what it trains one by one, to the same bits, stopped and gone on with', async () => {
    const [alone, together] = ['alone', 'together'].map((name) => path.join(folder, name)) as [
      string,
      string,
    ];
    const argsOf = (out: string, parallel: number): string[] =>
      one(out, 240, '--backend', 'wasm', '--parallel', `${parallel}`).map((word) =>
        word === '20' ? '20,50' : word,
      );
    const stopped = await interrupt(argsOf(together, 2), '"update":60,', 'SIGINT');
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(eventsOf(stopped, 'parallel')).toMatchObject([{ runs: 2 }]);
    expect(eventsOf(stopped, 'interrupted')).toMatchObject([{}, {}]);
    const [whole, resumed] = await Promise.all([
      runCli(argsOf(alone, 1)),
      runCli(argsOf(together, 2)),
    ]);
    for (const ended of [whole, resumed]) expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(whole, 'parallel')).toMatchObject([{ runs: 1 }]);
    expect(eventsOf(resumed, 'resumed')).toHaveLength(2);
    const results = await remains(alone);
    expect(Object.keys(results)).toHaveLength(2);
    expect(await remains(together)).toEqual(results);
  });

  it('renders faces once for runs side by side, says so, and stops meanwhile', async () => {
    const out = path.join(folder, 'faces');
    const argsOf = (people: number): string[] => [
      ...['reproduce', 'table3', '--models', 'irnn', '--seeds', '2', '--parallel', '2'],
      ...['--out', out, '--json', '--set', `identities=${people}`, 'testIdentities=1'],
      ...['validationIdentities=1', 'maxUpdates=4', 'validateEvery=2', 'batchSize=4'],
    ];
    const running = startCli(argsOf(200));
    await running.printed('"event":"images"');
    const at = performance.now();
    running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    // All of them take half a minute.
    expect(performance.now() - at).toBeLessThan(6000);
    expect(eventsOf(stopped, 'interrupted')).toHaveLength(2);

    const ended = await runCli(argsOf(3));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(ended, 'finished')).toHaveLength(2);
    const seeds = eventsOf(ended, 'images').map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(1);
    const kept = (await readdir(path.join(out, '.images'))).filter((name) => !name.includes('.'));
    expect(kept).toHaveLength(3);
    const page = await runCli(argsOf(3).filter((word) => word !== '--json'));
    expect(page.stdout).toMatch(/^ {2}run model .* val\.acc left or acc\.$/m);
    expect(page.stdout).toContain('Test accuracy in %');
  });

  it('reproduces all tables, and reports of each and of all', async () => {
    const out = path.join(folder, 'all');
    const args = [
      ...['reproduce', 'all', '--models', 'a-lstm', '--units', '50', '--seeds', '1'],
      ...['--out', out, '--json', '--set', ...SMALL, 'maxUpdates=4', 'validateEvery=2'],
    ];
    const ended = await runCli(args);
    const note = (name: string): string =>
      `note: ${name} has none of these models and sizes: it is left out.\n`;
    expect(ended).toMatchObject({ code: 0, stderr: note('table2') + note('table3') });
    expect(eventsOf(ended, 'plan').map(({ experiment }) => experiment)).toEqual([
      'table1',
      'figure2',
    ]);
    expect(eventsOf(ended, 'finished')).toMatchObject([{ table: 'table1', run: 1, of: 1 }]);
    expect(eventsOf(ended, 'report').map(({ json }) => json)).toEqual(
      ['table1', 'figure2', ''].map((name) => path.join(out, name, 'report.json')),
    );
    const { facts, tables } = (await readJson(out, 'report.json')) as {
      facts: { command: string };
      tables: { table: { name: string }; runs: { status: string }[] }[];
    };
    expect(facts.command).toContain('fastweights reproduce all ');
    expect(tables.map(({ table, runs }) => `${table.name} ${runs[0]?.status}`)).toEqual([
      'table1 done',
      'figure2 done',
    ]);
    const page = await runCli(args.filter((word) => word !== '--json'));
    expect(page.stdout).toContain(`Report: ${path.join(out, 'report.html')}, `);
    expect(page.stdout.match(/^ {2}A-LSTM /gm)).toHaveLength(2);
  });

  it('goes on with the backend that a run was begun on, and says when it cannot be the same', async () => {
    const out = path.join(folder, 'backend');
    const stopped = await interrupt(one(out, 300, '--backend', 'cpu'), '"update":42,', 'SIGINT');
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    const args = one(out, 300, '--workers', '2');
    const resumed = await interrupt(args, '"update":120,', 'SIGINT');
    expect(resumed.stderr).toBe(
      'note: fast-weights 20, seed 1: this run was begun on cpu with --workers 1, and goes on on cpu with --workers 2: its last digits are no longer those of an undisturbed run.\n',
    );
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: '' });
    const [directory = ''] = await runsIn(out);
    const { result } = (await readJson(directory, 'result.json')) as { result: Json };
    expect(result['sessions']).toMatchObject([
      { backend: 'cpu', workers: 1 },
      { backend: 'cpu', workers: 2 },
      { backend: 'cpu', workers: 2 },
    ]);
    const report = await readJson(out, 'table1', 'report.json');
    expect(report).toHaveProperty('facts.machine.Workers', '1; 2');
  });

  it('says how to go on, for people', async () => {
    const out = path.join(folder, 'people');
    const args = one(out, 5000).filter((word) => word !== '--json');
    const stopped = await interrupt(args, '  1/1 fast-weights', 'SIGINT');
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(stopped.stdout).toMatch(/^ {2}1\/1 fast-weights +20 +1 +stopped at update \d+$/m);
    expect(stopped.stdout).toContain(
      `Stopped; this goes on where it was:\n  fastweights reproduce table1 --budget standard --models fast-weights --units 20 --seeds 1 --out ${out} --set ${SMALL.join(' ')} maxUpdates=5000 validateEvery=30\n`,
    );
  });

  it('goes on when a run fails, says so, and ends with 1', async () => {
    const out = path.join(folder, 'failing');
    const args = one(out, 6).map((word) => (word === 'fast-weights' ? 'lstm,fast-weights' : word));
    const [plan] = linesOf(await runCli([...args, '--dry-run']));
    const [bad] = (plan as unknown as { runs: { hash: string }[] }).runs;
    const foreign = path.join(out, 'table1', (bad?.hash ?? '').slice(0, 16));
    await mkdir(foreign, { recursive: true });
    await writeFile(path.join(foreign, 'thesis.txt'), 'years of work');
    const ended = await runCli(args);
    expect(ended.code).toBe(1);
    const [failed] = eventsOf(ended, 'failed');
    expect(failed).toMatchObject({ model: 'lstm', run: 1, of: 2 });
    expect(failed?.['error']).toContain('holds other files (thesis.txt)');
    expect(eventsOf(ended, 'finished')).toMatchObject([{ model: 'fast-weights' }]);
    expect(await readdir(foreign)).toEqual(['thesis.txt']);
    const markdown = await readFile(path.join(out, 'table1', 'report.md'), 'utf8');
    expect(markdown).toContain('seed 1 failed: ');
  });

  it('keeps the run when the report cannot be written', async () => {
    const out = path.join(folder, 'unreported');
    await mkdir(path.join(out, 'table1', 'report.html'), { recursive: true });
    const refused = await runCli(one(out, 6));
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/^error: .*table1 holds files .*\(report\.html\).*--out\.\n$/);
    expect(await readdir(path.join(out, 'table1'))).toEqual(['report.html']);
    await writeFile(path.join(out, 'table1', 'report.json'), '{"facts":{},"tables":[]}');
    const ended = await runCli(one(out, 6));
    expect(ended.code).toBe(1);
    expect(eventsOf(ended, 'finished')).toHaveLength(1);
    expect(ended.stderr).toMatch(/^error: The report could not be written in .*table1: /m);
    await rm(path.join(out, 'table1', 'report.html'), { recursive: true });
    const again = await runCli(one(out, 6));
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(again, 'found')).toHaveLength(1);
  });

  it('trains nothing in a dry run', async () => {
    const out = path.join(folder, 'dry');
    const dry = await runCli(['reproduce', 'table2', '--dry-run', '--out', out]);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).not.toContain('That takes');
    expect(dry.stdout).toMatch(/^ {2}conv-net +\d × [\d,]+ +\d × [\d,]+ +\d × [\d,]+$/m);
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  it.each([
    [['tabel1'], "unknown experiment 'tabel1'", 'Did you mean table1?'],
    [['table1', '--board', '16,3'], '--board is for figure5 alone.', ''],
    [['table1', '--frames', '9'], '--frames is for figure5 alone.', ''],
    [['table9'], "unknown experiment 'table9'", 'figure2, table2, table3, figure5, all.\n'],
    [['all', '--models', 'lsmt'], "no table has the model 'lsmt'", 'Did you mean lstm?'],
    [['all', '--units', '30'], "no table has the size '30'", '20, 50, 100, 200.'],
    [['all', '--models', 'a-lstm', '--units', '200'], 'No table has these models', ''],
    [['all', '--set', 'pairs=3'], 'table2: ', 'pairs'],
    [
      ['table1', '--parallel', '2', '--backend', 'tensorflow'],
      '--parallel is for wasm and cpu: tensorflow uses all that there is for one run.',
      '',
    ],
    [['table1', '--parallel', '0'], "option '--parallel <n>' argument '0' is invalid", '1 to 256'],
    [['table1', '--models', 'lsmt'], 'a model of table1 must be one of', 'Did you mean lstm?'],
    [['table1', '--units', '30'], 'R of table1 must be one of 20, 50, 100', 'it is 30.'],
    [
      ['table1', '--units', '20,x'],
      "option '--units <numbers>' argument '20,x' is invalid",
      'whole',
    ],
    [['table1', '--models', 'lstm,'], "option '--models <names>' argument 'lstm,'", 'as a,b.'],
    [['table1', '--workers', '0'], "option '--workers <n>' argument '0' is invalid", '1 to 64'],
    [['table1', '--set', 'unist=3'], 'unist is unknown.', 'Did you mean units?'],
    [['table1', '--set', 'stepSize=fast'], 'training.stepSize must be a number', '"fast"'],
    [['table1', '--set', 'stepSize'], 'A setting must be like units=100', '"stepSize"'],
  ])('refuses %j', async (args, message, hint) => {
    const out = path.join(folder, 'refused');
    const refused = await runCli(['reproduce', ...args, '--out', out]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(`error: ${message}`);
    expect(refused.stderr).toContain(hint);
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  it('says where nothing can be saved', async () => {
    const out = path.join(folder, 'file');
    await writeFile(out, '');
    const refused = await runCli(one(out, 6));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: Nothing can be saved in .*--out\.\n$/);
  });
});

describe('runs', { timeout: TIMEOUT }, () => {
  let out = '';
  let runs: string[] = [];

  beforeAll(async () => {
    out = path.join(folder, 'records');
    await runCli(one(out, 60));
    await runCli([...one(out, 90), 'stepSize=0.002']);
    runs = (await runsIn(out)).toSorted();
  }, TIMEOUT);

  it('are listed, and those that cannot be read are named', async () => {
    const listed = await runCli(['runs', 'list', out, '--json']);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const summaries = linesOf(listed);
    expect(summaries.map(({ directory }) => directory)).toEqual(runs);
    expect(summaries.map(({ updates }) => updates).toSorted()).toEqual([60, 90]);
    const [first] = summaries;
    expect(first).toMatchObject({ state: 'finished', settings: { 'model.kind': 'fast-weights' } });
    const { result } = (await readJson(runs[0] ?? '', 'result.json')) as { result: Json };
    expect(first?.['testError']).toBe(result['testError']);
    expect(first?.['best']).toEqual(result['best']);

    const page = await runCli(['runs', 'list', out]);
    const [name = ''] = runs.map((run) => path.basename(run));
    const row = page.stdout.split('\n').find((line) => line.startsWith(`  ${name}`));
    expect(row).toMatch(/^ {2}\w{16} +fast-weights +20 +1 +[69]0 +\d\d\.\d\d +\d\d\.\d\d +done$/);
    expect(row?.length).toBeLessThan(80);
    const broken = path.join(out, 'broken');
    await mkdir(broken);
    await writeFile(path.join(broken, 'config.json'), '{}');
    const some = await runCli(['runs', 'list', out]);
    expect(some).toMatchObject({ code: 0, stdout: page.stdout });
    expect(some.stderr).toMatch(/^note: .*broken is no run directory/);
    const config = await readFile(path.join(runs[0] ?? '', 'config.json'), 'utf8');
    await writeFile(path.join(broken, 'config.json'), config.replace(/"seed": ?1/, '"seed":8'));
    const damaged = await runCli(['runs', 'list', out]);
    expect(damaged).toMatchObject({ code: 1, stdout: page.stdout });
    expect(damaged.stderr).toMatch(/^error: .*broken.config\.json does not fit its checksum/);
    await rm(broken, { recursive: true });
  });

  it('are shown one by one', async () => {
    const [directory = ''] = runs;
    const shown = await runCli(['runs', 'show', directory]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^ {2}state +finished \(updates\)$/m);
    expect(shown.stdout).toMatch(/^ {2}model\.kind +fast-weights$/m);
    expect(shown.stdout).toContain('updates, validation error');
    const json = await runCli(['runs', 'show', directory, '--json']);
    const [object] = linesOf(json);
    expect(object).toMatchObject({ config: { seed: 1 }, state: 'finished' });
    expect((object as unknown as { metrics: Json[] }).metrics.at(-1)?.['update']).toBe(
      object?.['updates'],
    );
  });

  it('are compared: settings that differ, and what came of them', async () => {
    const compared = await runCli(['runs', 'compare', ...runs]);
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    expect(compared.stdout).toMatch(/^ {2}training\.maxUpdates +(60 +90|90 +60)$/m);
    expect(compared.stdout).toMatch(/^ {2}best validation +\d\d\.\d\d % at/m);
    expect(compared.stdout).not.toContain('model.units');
    const [object] = linesOf(await runCli(['runs', 'compare', ...runs, '--json']));
    const paths = (object as unknown as { differences: { path: string }[] }).differences.map(
      (one) => one.path,
    );
    expect(paths.toSorted()).toEqual(['training.maxUpdates', 'training.stepSize']);
    const same = await runCli(['runs', 'compare', runs[0] ?? '', runs[0] ?? '']);
    expect(same.stdout).toContain('Their configs are the same.');
  });

  it('that are not there are named', async () => {
    const [directory = ''] = runs;
    const gone = path.join(out, 'gone');
    const missing = await runCli(['runs', 'compare', directory, gone]);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain(`There is no run in ${gone}.`);
    expect((await runCli(['runs', 'list', gone])).code).toBe(1);
    expect((await runCli(['runs', 'compare', directory])).code).toBe(2);
    expect((await runCli(['runs', 'shwo'])).stderr).toContain('Did you mean show?');
  });
});
