// Which files are sources of the program, and what is said about one that is not counted.
'use strict';
const fs = require('fs');
const path = require('path');

const { realpathSync } = fs; // taken now: the program may put another in its place

// Why a source is not counted, or not surely right; the texts are in report/node_gathering.cc.
const WAS_CHANGED = 1;
const NOT_READ = 2;
const IS_ANOTHER_LANGUAGE = 3;
const COMPILED_ELSEWHERE = 4;
const HAS_CHANGED = 5;
const MAY_HAVE_CHANGED = 6;
const NOT_LOADED = 7;

const LEFT_OUT = [`${__dirname}/`, '/usr/share/nodejs/', '/usr/lib/nodejs/'];

const KEEPS_LINKS = process.env.NODE_PRESERVE_SYMLINKS === '1' ||
    `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`.includes('--preserve-symlinks');

// A package of a workspace is a link in `node_modules` to a folder of the program. Node follows links, unless it is told not to.
function is_in_modules(file) {
  if (!file.includes('/node_modules/') || !KEEPS_LINKS) return file.includes('/node_modules/');
  try {
    return realpathSync(file).includes('/node_modules/');
  } catch {
    return true; // no file: nothing to count
  }
}

function is_of_the_program(file) {
  return path.isAbsolute(file) && !is_in_modules(file) && !LEFT_OUT.some((folder) => file.startsWith(folder));
}

// Whether a name that a program gives to a script of its own is that of a source.
function is_source(name) {
  try {
    return typeof name === 'string' && is_of_the_program(name) && fs.statSync(name).isFile();
  } catch {
    return false;
  }
}

// Whether recording() or telling() has made the text.
function is_marked(text) {
  return /__gentle_hits__/.test(text);
}

// The text, with a word about a source.
function telling(content, file, reason) {
  return `${content}\n;typeof __gentle_hits__==='function'&&` +
      `__gentle_hits__(null,${reason},${JSON.stringify(file)});`;
}

module.exports = {
  COMPILED_ELSEWHERE, HAS_CHANGED, IS_ANOTHER_LANGUAGE, MAY_HAVE_CHANGED, NOT_LOADED, NOT_READ, WAS_CHANGED,
  is_marked, is_of_the_program, is_source, telling,
};
