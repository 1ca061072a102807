// Starts the recorder of gentle in a process of Node, and in each of its worker threads: loaded by
// NODE_OPTIONS=--require before anything of the program. Written so that old versions can read it.
'use strict';
const worker = require('worker_threads');

function start() {
  if (Number.parseInt(process.versions.node, 10) < 18) return;
  // Named twice, as by a test of gentle that starts gentle again.
  if (typeof __gentle_hits__ !== 'undefined') return;
  // There for the workers that the program starts, and not for Node's own.
  const shared = worker.getEnvironmentData('gentle.hits');
  worker.setEnvironmentData('gentle.hits', undefined);
  if (!shared && !(worker.isMainThread && process.env.GENTLE_NODE_HITS)) return;
  try {
    require('./gentle_node_modules.cjs').start(__filename, process.env.GENTLE_NODE_HITS, shared);
  } catch (error) {
    // The process has no hits, or too few, which the stop of the service tells.
    if (shared) require('./gentle_node_recorder.cjs').lose_thread(shared);
    process.stderr.write(`gentle: warning: record Node: ${error.message}, continuing\n`);
  }
}

// The program does not find us among what it has loaded.
function forget() {
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(__dirname)) delete require.cache[path];
  }
}

start();
forget();
