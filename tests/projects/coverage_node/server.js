// server.js <port> <end>: serves until it is told to stop, and ends as asked. Behind //: stand the ends that execute
// the line, //: - for none; a line without it is executed by all.
'use strict';
const cluster = require('cluster');
const http = require('http');
const { fork } = require('child_process');
const { Worker, isMainThread } = require('worker_threads');

const [, , port, end, role] = process.argv;

function work(path) {
  let total = 0;
  for (let i = 0; i < 100; i++) {
    total += i % 3 ? i : 1;
  }
  if (path === '/never') {
    return 'never'; //: -
  }
  return String(total);
}

function unused() {
  return 1; //: -
}

/* istanbul ignore next */
function leftOut() {
  return 2;
}

class Answers {
  static kind =
    'text/plain';

  answer = (request, response) => {
    response.setHeader('Content-Type', Answers.kind);
    response.setHeader('Connection', 'close');
    response.end(work(request.url));
  };
}

function serve() {
  return http.createServer(new Answers().answer).listen(Number(port), '127.0.0.1');
}

function leave(server) {
  switch (end) { //: leaving parents
    case 'exit':
      return process.exit(0); //: exit
    case 'abort':
      return process.abort(); //: abort
    case 'really_exit':
      return process.reallyExit(0); //: really_exit
    case 'uncaught':
      throw new Error('uncaught'); //: uncaught
    case 'exec':
      return process.execve(process.execPath, [process.execPath, '-e', ''], process.env); //: exec
    default:
      server.close(); //: closing
  }
}

function serveAndLeave() {
  const server = serve(); //: serving
  if (end.startsWith('sig')) return; //: serving
  process.on('SIGTERM', () => leave(server)); //: leaving
}

function afterWorker(started, kill) {
  started(() => { //: parents
    const server = serve(); //: parents
    process.on('SIGTERM', () => { //: parents
      kill(); //: parents
      leave(server); //: parents
    });
  });
}

function inThread() {
  const { parentPort } = require('worker_threads'); //: threads thread_alone
  parentPort.postMessage(work('/')); //: threads thread_alone
  if (end === 'threads') process.exit(); //: threads thread_alone
  for (;;) work('/'); //: thread_alone
}

function startThread() {
  const options = { argv: [port, end] }; //: threads thread_alone
  if (end === 'thread_alone') { //: threads thread_alone
    Object.assign(options, { env: {}, execArgv: [] }); //: thread_alone
  }
  const worker = new Worker(__filename, options); //: threads thread_alone
  afterWorker((go) => worker.once('message', go), () => worker.terminate()); //: threads thread_alone
}

function startChild() {
  if (role === 'child') { //: children
    if (end !== 'fork') { //: children
      const signal = end === 'stopped' ? 'SIGSTOP' : 'SIGSEGV'; //: stopped segv
      return process.send('ready', () => process.kill(process.pid, signal)); //: stopped segv
    }
    return process.send(work('/')); //: fork
  }
  const child = fork(__filename, [port, end, 'child']); //: children
  afterWorker((go) => child.once('message', go), () => child.kill('SIGKILL')); //: children
}

function startCluster() {
  if (cluster.isPrimary) { //: cluster
    const workers = [cluster.fork(), cluster.fork()]; //: cluster
    const stop = () => { //: cluster
      for (const { process: child } of workers) { //: cluster
        child.kill('SIGKILL'); //: cluster
      }
      process.exit(); //: cluster
    };
    // One that is killed before it has executed anything does not count.
    let starting = workers.length; //: cluster
    let isStopped = false; //: cluster
    const look = () => isStopped && starting === 0 && stop(); //: cluster
    cluster.on('listening', () => { //: cluster
      starting -= 1; //: cluster
      look(); //: cluster
    });
    process.on('SIGTERM', () => { //: cluster
      isStopped = true; //: cluster
      look(); //: cluster
    });
  } else {
    serve(); //: cluster
  }
}

const starts = { fork: startChild, stopped: startChild, segv: startChild, cluster: startCluster };
if (!isMainThread) {
  inThread(); //: threads thread_alone
} else if (end.startsWith('thread')) {
  startThread(); //: threads thread_alone
} else {
  (starts[end] ?? serveAndLeave)(); //: all -threads -thread_alone
}
