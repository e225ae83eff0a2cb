import { here, type Reply, type Request } from './place.ts';

addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  const method = here[data.method] as (argument: unknown) => Promise<unknown>;
  const reply: Reply = await method(data.argument).then(
    (result) => ({ result }),
    (error: Error) => ({ error: error.stack ?? error.message }),
  );
  postMessage(reply);
});
