import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invocation } from '../src/invocation.ts';

let folder = '';
let withPnpm = '';
let ofNpx = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-invocation-'));
  withPnpm = path.join(folder, 'bin');
  ofNpx = path.join(folder, '_npx/1a2b/node_modules/.bin');
  for (const bin of [withPnpm, ofNpx]) {
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'pnpm'), '');
  }
});

afterAll(() => rm(folder, { recursive: true }));

const script = {
  npm_lifecycle_event: 'start',
  npm_package_name: 'fastweights-repo',
  npm_config_user_agent: 'pnpm/10.34.9 npm/? node/v20.20.2 linux x64',
};

describe('invocation', () => {
  it('is the name of the program', () => {
    expect(invocation({})).toBe('fastweights');
  });

  it('goes through pnpm where a script of the repository was run with it', () => {
    const PATH = [ofNpx, withPnpm].join(path.delimiter);
    expect(invocation({ ...script, PATH })).toBe('pnpm fastweights');
  });

  it('goes through npx where pnpm came with npx, and will be gone', () => {
    expect(invocation({ ...script, PATH: ofNpx })).toBe('npx --yes pnpm@10.34.9 fastweights');
  });

  it('is plain in the scripts of other packages, and by npx when npx fetched the program', () => {
    expect(invocation({ ...script, npm_package_name: 'mine', PATH: withPnpm })).toBe('fastweights');
    expect(invocation({ npm_lifecycle_event: 'npx' })).toBe('npx fastweights');
  });
});
