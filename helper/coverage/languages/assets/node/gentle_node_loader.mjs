// Beside hooks of the program for ES modules that run in a thread of their own, before Node 25.
// An import of CommonJS would have Node look through its text for its exports.
import { createRequire } from 'module';

const marking = createRequire(import.meta.url)('./gentle_node_marking.cjs');

// As soon as the other thread goes on. If it cannot, each source says so.
setImmediate(() => {
  try {
    marking.begin();
  } catch {}
});

export async function load(address, context, next) {
  return marking.recording_module(address, await next(address, context));
}
