// Has each ES module of the program record its lines when Node loads it.
//
// Node has hooks for it. Before Node 22.15 they run in a thread of their own, which takes longer to start than Node itself.
// Before Node 25 any hook changes what CommonJS is that an ES module imports: its `require` has no cache, and nobody else can
// record it. So there Node reads a marked copy in place of the file. Only beside hooks of the program the thread is used.
'use strict';
const fs = require('fs');
const Module = require('module');
const os = require('os');
const path = require('path');
const url = require('url');
const { Script } = require('vm');
const worker = require('worker_threads');
const marking = require('./gentle_node_marking.cjs');
const { COMPILED_ELSEWHERE, is_of_the_program, telling } = require('./gentle_node_sources.cjs');

// Taken now: the program may put others in their place.
const { closeSync, openSync, readFileSync, unlinkSync, writeSync } = fs;
const NodeError = Error;
const { captureStackTrace } = Error;

const SOURCES = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];
// A policy looks at what was read; the option gives a file another type than its name does.
const NEEDS_HOOKS = /--((experimental-)?loader|experimental-policy|experimental-default-type)\b/;

// Node promises no such names. These are the same in all of 18 to 24.
const LOADERS = /^(defaultLoad|defaultLoadSync|loadESMFromCJS)$/;

// Whether Node loads an ES module by `read`: its loader calls a function of `fs`, which calls others, the last of them `read`.
function is_read_by_loader(read) {
  const asked = globalThis.Error; // Node asks what the program has put there
  const { stackTraceLimit } = NodeError;
  const { prepareStackTrace } = asked;
  const trace = {};
  try {
    NodeError.stackTraceLimit = 6;
    asked.prepareStackTrace = (_, frames) => frames.some((frame) =>
      /^node:internal\/modules\//.test(frame.getFileName()) && LOADERS.test(frame.getFunctionName()));
    captureStackTrace(trace, read);
    return trace.stack === true;
  } finally {
    NodeError.stackTraceLimit = stackTraceLimit;
    asked.prepareStackTrace = prepareStackTrace;
  }
}

// Of the package that the file is in; undefined if it does not say.
function type_of_package(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).type;
    } catch (error) {
      if (error.code === undefined || folder === path.dirname(folder)) return undefined; // Node itself complains, or there is none
    }
  }
}

function is_common_js(content) {
  try {
    return Boolean(new Script(Module.wrap(content)));
  } catch {
    return false;
  }
}

// As Node finds it out.
function is_es_module(file, content) {
  if (/\.[cm][jt]s$/.test(file)) return /\.m[jt]s$/.test(file);
  const type = type_of_package(file);
  return type === 'module' || (type !== 'commonjs' && !is_common_js(content));
}

// Node mostly compiles CommonJS from what it reads again. If not, as beside a hook of the program, nobody records it.
function marked(file, content) {
  if (is_es_module(file, content)) return marking.recording(content, file, 'module');
  return is_of_the_program(file) ? telling(content, file, COMPILED_ELSEWHERE) : content;
}

// Null for none: WebAssembly, or what Node will complain of.
function text_of(file) {
  try {
    const content = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
    return content.startsWith('\0asm') ? null : content;
  } catch {
    return null;
  }
}

// The program may have become another user, who may not write into our folder.
function open_new(names) {
  for (const name of names) {
    try {
      return { name, fd: openSync(name, 'wx', 0o600) };
    } catch (error) {
      if (name === names.at(-1)) throw error;
    }
  }
}

// Copies of modules with marks, each until Node has opened it.
class MarkedCopies {
  constructor(prefix) {
    this.prefix = `${prefix}.${worker.threadId}`;
    this.number = 0;
  }

  // The path of a copy; null if the file itself is to be read.
  of(file) {
    const content = text_of(file);
    const text = content === null ? null : marked(file, content);
    return text === content ? null : this._write(Buffer.from(text));
  }

  _write(bytes) {
    const own = `${this.prefix}.${++this.number}.module`;
    const { name, fd } = open_new([own, `${os.tmpdir()}/gentle-${process.pid}-${path.basename(own)}`]);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      return name;
    } catch (error) {
      unlinkSync(name);
      throw error;
    } finally {
      closeSync(fd);
    }
  }
}

function remove(copy) {
  try {
    unlinkSync(copy);
  } catch {
    // The program has removed the folder.
  }
}

// A program that asks for warnings has not asked for those about us.
function fs_of_node() {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return process.binding('fs');
  } finally {
    process.noDeprecation = noDeprecation;
  }
}

function record_by_copies(prefix, lose) {
  const of_node = fs_of_node();
  const copies = new MarkedCopies(prefix);
  const copy_of = (file, read) => {
    try {
      const may_be_source = typeof file === 'string' && is_of_the_program(file) && SOURCES.includes(path.extname(file));
      return may_be_source && is_read_by_loader(read) ? copies.of(file) : null;
    } catch (error) {
      lose(error.errno);
      return null;
    }
  };
  const { openFileHandle } = of_node;
  of_node.openFileHandle = function read(file, ...more) {
    const copy = copy_of(file, read);
    const opened = Reflect.apply(openFileHandle, this, [copy ?? file, ...more]);
    if (copy !== null) opened.then(() => remove(copy), () => remove(copy));
    return opened;
  };
  // Node 20 and newer mostly call these.
  for (const name of ['open', 'readFileUtf8'].filter((each) => of_node[each])) {
    const original = of_node[name];
    of_node[name] = function read(file, ...more) {
      const copy = copy_of(file, read);
      try {
        return Reflect.apply(original, this, [copy ?? file, ...more]);
      } finally {
        if (copy !== null) remove(copy);
      }
    };
  }
}

function record_by_hooks() {
  Module.registerHooks({
    load: (address, context, next) => marking.recording_module(address, next(address, context)),
  });
}

function record_by_thread(register) {
  register(url.pathToFileURL(path.join(__dirname, 'gentle_node_loader.mjs')));
}

// Once the program registers such hooks of its own, their thread reads the modules: ours have to be there first.
function before_other_hooks(begin) {
  let has_begun = false;
  const { register } = Module;
  Module.register = new Proxy(register, {
    apply(target, self, more) {
      if (!has_begun) {
        has_begun = true;
        begin(register);
      }
      return Reflect.apply(target, self, more);
    },
  });
}

// `prefix` is that of new files. `lose` is called with an errno, or undefined, if modules are not recorded.
function record_es_modules(prefix, lose) {
  const attempt = (record) => {
    try {
      record();
    } catch (error) {
      lose(error.errno);
    }
  };
  if (Number.parseInt(process.versions.node, 10) >= 25) return attempt(record_by_hooks);
  const options = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`;
  if (Module.register && NEEDS_HOOKS.test(options)) return attempt(() => record_by_thread(Module.register));
  attempt(() => record_by_copies(prefix, lose));
  if (Module.register) before_other_hooks((register) => attempt(() => record_by_thread(register)));
}

module.exports = { record_es_modules };
