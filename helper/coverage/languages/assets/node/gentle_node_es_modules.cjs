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
const { defineProperty, getOwnPropertyDescriptor } = Object;
const NodeError = Error;
const { captureStackTrace } = Error;

const VERSION = Number.parseInt(process.versions.node, 10);
const SOURCES = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

// What `then` returns, while the property of the object has the value. Nothing of it stays, and no setter is called.
function with_property(object, name, value, then) {
  const before = getOwnPropertyDescriptor(object, name);
  try {
    defineProperty(object, name, { value, writable: true, configurable: true });
  } catch {
    return then(); // the program has frozen it
  }
  try {
    return then();
  } finally {
    if (before === undefined) {
      delete object[name];
    } else {
      defineProperty(object, name, before);
    }
  }
}

// The text of the stack from the caller of `callee` on.
function stack_above(callee) {
  const trace = {};
  const capture = () => {
    captureStackTrace(trace, callee);
    return trace.stack;
  };
  // Node asks what the program has put into the place of Error for how to write it.
  return with_property(globalThis.Error, 'prepareStackTrace', undefined,
                       () => with_property(NodeError, 'stackTraceLimit', 30, capture));
}

// Node promises no such names. These are all those of 18 to 24.
const FRAME_OF_MODULES = /^ +at (?:.*[. ])?(\w+)(?: \[as .*\])? \(node:internal\/modules\/(?!helpers)/;
const LOADS = /^(defaultGetSource|getSource|getSourceSync|getMaybeCachedSource) (defaultLoad|defaultLoadSync|loadESMFromCJS)$/;

// Whether Node reads an ES module by `read`: the innermost two functions of its loaders are those that do so. Between may be
// functions of `fs`, and of a program that has put its own in their place. Deeper ones may run the program, which reads as well.
function is_read_by_loader(read) {
  const frames = stack_above(read).split('\n').map((line) => FRAME_OF_MODULES.exec(line)?.[1]).filter(Boolean);
  return LOADS.test(`${frames[0]} ${frames[1]}`);
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
    return Boolean(new Script(Module.wrap(content.replace(/^#!.*/, ''))));
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
function unrecorded(file, content) {
  return is_of_the_program(file) ? telling(content, file, COMPILED_ELSEWHERE) : content;
}

// TypeScript is compiled from what is read here, also if it is CommonJS.
function marked(file, content) {
  if (is_es_module(file, content)) return marking.recording(content, file, 'module');
  return /\.c?ts$/.test(file) ? marking.recording(content, file, 'any') : unrecorded(file, content);
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
    this.present = new Set();
    process.on('exit', () => this.present.forEach((copy) => this.remove(copy)));
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
    this.present.add(name);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      return name;
    } catch (error) {
      this.remove(name);
      throw error;
    } finally {
      closeSync(fd);
    }
  }

  remove(copy) {
    this.present.delete(copy);
    try {
      unlinkSync(copy);
    } catch {
      // The program has removed the folder, or has become another user.
    }
  }
}

// A program that asks for warnings has not asked for those about us. Throws where a program has no permission for it.
function fs_of_node() {
  return with_property(process, 'noDeprecation', true, () => process.binding('fs'));
}

function record_by_copies(prefix, lose) {
  const of_node = fs_of_node();
  const copies = new MarkedCopies(prefix);
  let is_busy = false; // we read as well
  const copy_of = (file, read) => {
    const may_be_source = !is_busy && typeof file === 'string' && is_of_the_program(file) && SOURCES.includes(path.extname(file));
    if (!may_be_source) return null;
    is_busy = true;
    try {
      return is_read_by_loader(read) ? copies.of(file) : null;
    } catch (error) {
      lose(error.errno);
      return null;
    } finally {
      is_busy = false;
    }
  };
  // The program may have become another user, or have removed the copy: then the file itself is read.
  const { openFileHandle } = of_node;
  of_node.openFileHandle = function read(file, ...more) {
    const copy = copy_of(file, read);
    if (copy === null) return Reflect.apply(openFileHandle, this, [file, ...more]);
    return Reflect.apply(openFileHandle, this, [copy, ...more]).finally(() => copies.remove(copy)).catch((error) => {
      lose(error.errno);
      return Reflect.apply(openFileHandle, this, [file, ...more]);
    });
  };
  // Node 20 and newer mostly call these.
  for (const name of ['open', 'readFileUtf8'].filter((each) => of_node[each])) {
    const original = of_node[name];
    of_node[name] = function read(file, ...more) {
      const copy = copy_of(file, read);
      if (copy === null) return Reflect.apply(original, this, [file, ...more]);
      try {
        return Reflect.apply(original, this, [copy, ...more]);
      } catch (error) {
        lose(error.errno);
        return Reflect.apply(original, this, [file, ...more]);
      } finally {
        copies.remove(copy);
      }
    };
  }
}

function record_by_hooks() {
  Module.registerHooks({
    load(address, context, next) {
      const result = next(address, context);
      const may_be_lost = VERSION < 25 && result.format === 'commonjs' && result.source != null && address.startsWith('file:');
      if (!may_be_lost) return marking.recording_module(address, result);
      const content = Buffer.from(result.source).toString();
      return { ...result, source: unrecorded(url.fileURLToPath(address), content) };
    },
  });
}

function record_by_thread(register) {
  register(url.pathToFileURL(path.join(__dirname, 'gentle_node_loader.mjs')));
}

// Once the program registers such hooks of its own, their thread reads the modules: ours have to be there first.
function before_other_hooks(lose) {
  const { register } = Module;
  let is_there = false;
  Module.register = new Proxy(register, {
    apply(target, self, more) {
      try {
        if (!is_there) record_by_thread(register);
        is_there = true;
      } catch (error) {
        lose(error.errno);
      }
      return Reflect.apply(target, self, more);
    },
  });
}

function has_option(options) {
  const given = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`;
  return new RegExp(`--(${options})\\b`).test(given);
}

// Before Node 25.
function record_before_hooks(prefix, lose) {
  if (has_option('experimental-policy')) throw new Error('a policy compares what is read'); // nor does it allow a hook
  // The first is in a thread of its own from Node 20 on; the second gives a file another type than its name does.
  if (has_option('(experimental-)?loader|experimental-default-type')) {
    if (Module.register) return record_by_thread(Module.register);
    if (VERSION >= 20) throw new Error('its loader cannot be reached');
  }
  try {
    record_by_copies(prefix, lose);
  } catch (error) {
    if (!Module.registerHooks) throw error;
    return record_by_hooks();
  }
  if (Module.register) before_other_hooks(lose);
}

// `prefix` is that of new files. `lose` is called with an errno, or undefined, if modules are not recorded.
function record_es_modules(prefix, lose) {
  try {
    if (VERSION >= 25) {
      record_by_hooks();
    } else {
      record_before_hooks(prefix, lose);
    }
  } catch (error) {
    lose(error.errno);
  }
}

module.exports = { record_es_modules };
