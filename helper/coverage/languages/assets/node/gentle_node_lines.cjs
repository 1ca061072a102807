// Makes a source tell of each line that it executes. Its lines stay where they are: all that is put
// into it stands within a line, or behind the last one. A line counts if a statement begins on it,
// by the rules of istanbul (nyc): a variable or a field counts where its value begins, an arrow
// function without braces where its expression does. So do branches: if, ?:, the operands of &&, ||
// and ??, the cases of a switch, and the default of a parameter or a pattern. Comments leave lines
// and branches out as they do for istanbul, c8 and Node.
'use strict';
const fs = require('fs');
const path = require('path');
const url = require('url');
const zlib = require('zlib');
const acorn = require('./acorn/acorn.js');

// Why a source is not counted; the texts are in report/node_gathering.cc.
const WAS_CHANGED = 1;
const NOT_READ = 2;
const IS_ANOTHER_LANGUAGE = 3;
const COMPILED_ELSEWHERE = 4;

const OTHER_LANGUAGES = ['.ts', '.mts', '.cts', '.tsx', '.jsx'];
const LEFT_OUT = [`${__dirname}/`, '/usr/share/nodejs/', '/usr/lib/nodejs/'];

const STATEMENTS = new Set([
  'BreakStatement', 'ContinueStatement', 'DebuggerStatement', 'DoWhileStatement',
  'ExpressionStatement', 'ForInStatement', 'ForOfStatement', 'ForStatement', 'IfStatement',
  'LabeledStatement', 'ReturnStatement', 'SwitchStatement', 'ThrowStatement', 'TryStatement',
  'WhileStatement', 'WithStatement']);
// What "istanbul ignore next" can leave out, besides those; methods of objects, too.
const IGNORABLE = new Set([
  ...STATEMENTS, 'ArrowFunctionExpression', 'AssignmentPattern', 'BlockStatement',
  'ClassDeclaration', 'ConditionalExpression', 'ExportDefaultDeclaration',
  'ExportNamedDeclaration', 'FunctionDeclaration', 'FunctionExpression', 'LogicalExpression',
  'MethodDefinition', 'PropertyDefinition', 'SwitchCase', 'VariableDeclaration',
  'VariableDeclarator']);
// Statements whose body may stand without braces.
const BODIES = { IfStatement: ['consequent', 'alternate'], LabeledStatement: [] };
const BODY = ['body'];

const BLANK_OR_COMMENT = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;

class Comments {
  constructor(text, comments, line_of) {
    this.hints = new Map(); // by the place of what follows
    this.places = new Map(); // likewise, of what follows behind parentheses
    this.ranges = []; // first and last line that a tool leaves out
    this.whole = false;
    let open = null;
    for (const { value, start, end } of comments) {
      const words = value.trim();
      const line = line_of(end);
      const hint = /^istanbul\s+ignore\s+(if|else|next|file)(?!\w)/.exec(words);
      if (hint?.[1] === 'file') this.whole = true;
      else if (hint) this._add_hint(text, this._next(text, end), hint[1]);
      const next = /^(?:c8|v8|node:coverage)\s+ignore\s+next(?:\s+(\d+))?/.exec(words);
      // Beside code it leaves out its own line, too, as for c8.
      const alone = text.slice(text.lastIndexOf('\n', start) + 1, start).trim() === '';
      if (next) this.ranges.push([alone ? line + 1 : line, line + Number(next[1] ?? 1)]);
      if (/^(?:c8|v8)\s+ignore\s+file/.test(words)) this.whole = true;
      if (/^(?:(?:c8|v8)\s+ignore\s+start|node:coverage\s+disable)/.test(words)) open ??= line;
      if (open !== null && /^(?:(?:c8|v8)\s+ignore\s+stop|node:coverage\s+enable)/.test(words)) {
        this.ranges.push([open, line]);
        open = null;
      }
    }
    if (open !== null) this.ranges.push([open, Infinity]);
  }

  _add_hint(text, place, hint) {
    this.hints.set(place, hint);
    for (let inside = place; text[inside] === '(';) {
      inside = this._next(text, inside + 1);
      this.places.set(inside, place);
    }
  }

  _next(text, place) {
    BLANK_OR_COMMENT.lastIndex = place;
    return place + BLANK_OR_COMMENT.exec(text)[0].length;
  }

  leave_out(line) {
    return this.whole || this.ranges.some(([first, last]) => first <= line && line <= last);
  }
}

// What is put into a text, and where.
class Insertions {
  constructor(text) {
    this.text = text;
    this.before = new Map();
    this.behind = new Map();
  }

  // Of several at one place, what was put first comes first,
  put_before(place, text) {
    this.before.set(place, (this.before.get(place) ?? '') + text);
  }

  // and closes last.
  put_behind(place, text) {
    this.behind.set(place, text + (this.behind.get(place) ?? ''));
  }

  result() {
    const places = [...new Set([...this.before.keys(), ...this.behind.keys()])].sort((a, b) => a - b);
    let result = '';
    let done = 0;
    for (const place of places) {
      result += this.text.slice(done, place) + (this.behind.get(place) ?? '') +
          (this.before.get(place) ?? '');
      done = place;
    }
    return result + this.text.slice(done);
  }
}

// By halving: places come in no order.
function lines_of(text) {
  const begins = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) begins.push(at + 1);
  return (place) => {
    let [low, high] = [0, begins.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (begins[middle] <= place) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function is_nameless(node) {
  return node.type === 'ArrowFunctionExpression' ||
      ((node.type === 'FunctionExpression' || node.type === 'ClassExpression') && !node.id);
}

function name_of_field(key, computed) {
  if (computed) return null;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Identifier' ? key.name : String(key.value);
}

class Marking {
  constructor(text, name, line_of, comments) {
    this.name = name;
    this.line_of = line_of;
    this.comments = comments;
    this.insertions = new Insertions(text);
    this.lines = new Set();
    this.branches = []; // the lines where each begins and where its statement does; how many ways
    this.ways = 0; // of all branches
    this.last_line = line_of(text.length);
    this.hinted = new Set(); // places of hints whose outermost node was seen
  }

  _mark_of(number) {
    return `${this.name}[${number}]||${this.name}(${number})`;
  }

  // The mark of a line that begins here; "" if it has been executed by then: `known` is that of what
  // stands around.
  _mark(place, known) {
    const line = this.line_of(place);
    if (this.comments.leave_out(line)) return '';
    this.lines.add(line);
    return line === known ? '' : this._mark_of(line);
  }

  // The marks of the ways on from a branch, which are nodes, or null for one that has no text.
  _branch(node, known, ways) {
    const line = this.line_of(node.start);
    if (this.comments.leave_out(line)) return ways.map(() => '');
    const marks = ways.map((way) => this._is_way_left_out(way) ? '' : this._mark_of(this.last_line + ++this.ways));
    const counted = marks.filter((mark) => mark !== '').length;
    if (counted !== 0) this.branches.push([line, known, counted]);
    return marks;
  }

  _is_way_left_out(way) {
    return way !== null && (this._hint_of(way) === 'next' || this.comments.leave_out(this.line_of(way.start)));
  }

  _put_in_sequence(node, mark) {
    if (mark === '') return;
    this.insertions.put_before(node.start, `(${mark},`);
    this.insertions.put_behind(node.end, ')');
  }

  // In a sequence, a function would get no name.
  _put_before_value(value, name, mark) {
    if (name === null || mark === '') return this._put_in_sequence(value, mark);
    const quoted = JSON.stringify(name);
    this.insertions.put_before(value.start, `(${mark},{[${quoted}]:`);
    this.insertions.put_behind(value.end, `}[${quoted}])`);
  }

  _wrap(node, known) {
    this._put_in_sequence(node, this._mark(node.start, known));
  }

  _place_of(node) {
    return this.comments.places.get(node.start) ?? node.start;
  }

  _hint_of(node) {
    const place = this._place_of(node);
    return this.hinted.has(place) ? undefined : this.comments.hints.get(place);
  }

  _is_left_out(node) {
    const hint = node.type === 'Program' ? undefined : this._hint_of(node);
    if (hint === undefined) return false;
    this.hinted.add(this._place_of(node));
    if (hint === 'next') {
      return IGNORABLE.has(node.type) || (node.type === 'Property' && (node.method || node.kind !== 'init'));
    }
    if (node.type === 'IfStatement') {
      node.left_out = hint === 'if' ? 'consequent' : 'alternate';
      node[node.left_out] = null;
    }
    return false;
  }

  // `place`: where a statement can be put before it, and whether that takes braces.
  visit(node, known, place = { at: node.start, is_single: false }) {
    if (this._is_left_out(node)) return;
    if (STATEMENTS.has(node.type)) return this._statement(node, known, place);
    if (node.type === 'VariableDeclarator' && node.init) {
      this._variable(node, known);
      known = this.line_of(node.init.start);
    }
    if (node.type === 'PropertyDefinition' && node.value) this._field(node, known);
    if (node.type === 'ArrowFunctionExpression' && node.expression) this._wrap(node.body, known);
    this._ways_of(node, known);
    // It is there before the statement around it is executed.
    if (node.type === 'FunctionDeclaration') known = 0;
    this._visit_children(node, known);
  }

  _ways_of(node, known) {
    if (node.type === 'ConditionalExpression') this._expressions(node, known, [node.consequent, node.alternate]);
    if (node.type === 'LogicalExpression' && !node.is_operand) this._expressions(node, known, this._operands(node));
    if (node.type === 'AssignmentPattern') {
      const name = node.left.type === 'Identifier' && is_nameless(node.right) ? node.left.name : null;
      this._put_before_value(node.right, name, this._branch(node, known, [node.right])[0]);
    }
    if (node.type === 'SwitchCase' && node.mark !== '') {
      this.insertions.put_before(node.consequent[0]?.start ?? node.end, `${node.mark};`);
    }
  }

  _expressions(node, known, ways) {
    const marks = this._branch(node, known, ways);
    ways.forEach((way, i) => this._put_in_sequence(way, marks[i]));
  }

  _operands(node) {
    if (node.type !== 'LogicalExpression' || this._hint_of(node) === 'next') return [node];
    node.is_operand = true;
    return [...this._operands(node.left), ...this._operands(node.right)];
  }

  // Without an else, not to execute the statement is a way, too. Behind: what is put first comes last.
  _if(node, known) {
    const keys = ['consequent', 'alternate'].filter((key) => key !== node.left_out);
    const marks = this._branch(node, known, keys.map((key) => node[key]));
    node.in_braces = keys.filter((key, i) => node[key] && marks[i] !== '');
    for (const [i, key] of [...keys.entries()].reverse()) {
      const way = node[key];
      if (marks[i] === '') continue;
      if (!way) {
        this.insertions.put_behind(node.end, `else{${marks[i]};}`);
      } else if (way.type === 'BlockStatement') {
        this.insertions.put_before(way.start + 1, `${marks[i]};`);
      } else {
        this.insertions.put_before(way.start, `{${marks[i]};`);
        this.insertions.put_behind(way.end, '}');
      }
    }
  }

  _switch(node, known) {
    const marks = this._branch(node, known, node.cases);
    node.cases.forEach((way, i) => { way.mark = marks[i]; });
  }

  _visit_children(node, known, bodies = []) {
    for (const [key, child] of Object.entries(node)) {
      for (const each of Array.isArray(child) ? child : [child]) {
        if (typeof each?.type !== 'string') continue;
        // Its `using` has no patterns.
        if (node.type === 'VariableDeclaration') each.kind = node.kind;
        this.visit(each, known, { at: each.start, is_single: bodies.includes(key) });
      }
    }
  }

  _statement(node, known, { at, is_single }) {
    const mark = node.directive === undefined ? this._mark(node.start, known) : '';
    if (mark !== '') {
      this.insertions.put_before(at, `${is_single ? '{' : ''}${mark};`);
      if (is_single) this.insertions.put_behind(node.end, '}');
      known = this.line_of(node.start);
    }
    if (node.type === 'IfStatement') this._if(node, known);
    if (node.type === 'SwitchStatement') this._switch(node, known);
    if (node.type !== 'LabeledStatement') {
      const bodies = BODIES[node.type] ?? BODY;
      return this._visit_children(node, known, bodies.filter((key) => !node.in_braces?.includes(key)));
    }
    // A loop has to stand right behind its label, so what marks it stands before that.
    this.visit(node.body, known, { at, is_single: is_single && mark === '' });
  }

  // A pattern of nothing, before the variable: in an expression, a function would get no name.
  _variable(node, known) {
    if (!is_nameless(node.init) || /using/.test(node.kind)) return this._wrap(node.init, known);
    const mark = this._mark(node.init.start, known);
    if (mark !== '') this.insertions.put_before(node.start, `{}=${mark},`);
  }

  _field({ key, computed, value }, known) {
    const name = is_nameless(value) ? name_of_field(key, computed) : null;
    this._put_before_value(value, name, this._mark(value.start, known));
  }

  // A branch stands at its line, or at that of its statement if none begins there. The parameters of
  // a function are of no statement, so their branches stand at the first one behind them.
  counted_branches(lines) {
    const stands_at = (line, known) => {
      if (this.lines.has(line)) return line;
      return this.lines.has(known) ? known : lines.find((each) => each > line) ?? lines.at(-1);
    };
    return this.branches.map(([line, known, ways]) => [stands_at(line, known), ways]);
  }
}

function parse(text, kind) {
  const comments = [];
  const options = { ecmaVersion: 'latest', allowHashBang: true, onComment: comments };
  const kinds = kind === 'module' ? ['module'] : ['commonjs', 'module'];
  for (const sourceType of kinds) {
    comments.length = 0;
    try {
      return { program: acorn.parse(text, { ...options, sourceType }), comments };
    } catch (error) {
      if (!(error instanceof SyntaxError) || sourceType === kinds.at(-1)) throw error;
    }
  }
}

// The text with its marks, the lines of its statements in order, and its branches. What is marked
// has a number: a line its own, and a way on from a branch its place among all ways, from 1, behind
// the last line.
function mark(text, kind, name) {
  const { program, comments } = parse(text, kind);
  const line_of = lines_of(text);
  const marking = new Marking(text, name, line_of, new Comments(text, comments, line_of));
  marking.visit(program, 0);
  const lines = [...marking.lines].sort((a, b) => a - b);
  return {
    text: marking.insertions.result(),
    lines,
    last_line: marking.last_line,
    branches: lines.length === 0 ? [] : marking.counted_branches(lines),
  };
}

// As Python's binascii.crc32; zlib has it from Node 20.15 on.
function crc32_of(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

// The text of a function for whoever runs it elsewhere, as in a browser: there, marks do nothing.
function without_marks(text) {
  return text.replace(/\b(__gl_*)\[(\d+)\]\|\|\1\(\2\)/g, '0');
}

// A name that the text does not use.
function free_name(text) {
  let name = '__gl';
  while (text.includes(name)) name += '_';
  return name;
}

// Behind the last line: a function is there before the first statement, also in a cycle of modules.
function recorded(content, file, bytes, kind) {
  const name = free_name(content);
  const { text, ...marked } = mark(content, kind, name);
  const about = { path: file, size: bytes.length, crc: crc32_of(bytes), ...marked };
  const tell = `typeof __gentle_hits__==='function'&&__gentle_hits__`;
  return `${text}\n;function ${name}(n){` +
      `return ${tell}(${name},n,${JSON.stringify(JSON.stringify(about))})||1}${name}(0);`;
}

function uncounted(content, file, reason) {
  return `${content}\n;typeof __gentle_hits__==='function'&&` +
      `__gentle_hits__(null,${reason},${JSON.stringify(file)});`;
}

function is_of_the_program(file) {
  return path.isAbsolute(file) && !file.includes('/node_modules/') &&
      !LEFT_OUT.some((folder) => file.startsWith(folder));
}

const is_marked = /__gentle_hits__/;

// `content` is what Node is about to compile, of the kind 'module', or 'any'.
function recording(content, filename, kind) {
  let file = filename;
  try {
    if (!is_of_the_program(filename) || is_marked.test(content)) return content;
    file = fs.realpathSync(filename);
    if (!is_of_the_program(file)) return content;
    if (OTHER_LANGUAGES.includes(path.extname(file))) return uncounted(content, file, IS_ANOTHER_LANGUAGE);
    const bytes = fs.readFileSync(file);
    if (bytes.toString().replace(/^\ufeff/, '') !== content.replace(/^\ufeff/, '')) return uncounted(content, file, WAS_CHANGED);
    return recorded(content, file, bytes, kind);
  } catch {
    return uncounted(content, file, NOT_READ);
  }
}

// What a hook gives for a module: with its text marked if it is one of the program's.
function recording_module(address, result) {
  const { format, source } = result;
  if (!['module', 'module-typescript'].includes(format) || !address.startsWith('file:') || source == null) return result;
  const content = typeof source === 'string' ? source : Buffer.from(source).toString();
  const marked = recording(content.replace(/^\ufeff/, ''), url.fileURLToPath(address), 'module');
  return { ...result, source: marked };
}

// Whether a name that a program gives to a script of its own is that of a source.
function is_source(name) {
  try {
    return typeof name === 'string' && is_of_the_program(name) && fs.statSync(name).isFile();
  } catch {
    return false;
  }
}

module.exports = { COMPILED_ELSEWHERE, is_source, mark, recording, recording_module, without_marks };
