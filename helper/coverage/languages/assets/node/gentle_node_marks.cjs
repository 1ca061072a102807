// Puts marks into a text, which tell of each line that it executes and of each way that it takes.
// Its lines stay where they are: a mark stands within a line. A line counts if a statement begins on
// it, by the rules of istanbul (nyc): a variable or a field counts where its value begins, an arrow
// function without braces where its expression does. So do branches: if, ?:, the operands of &&, ||
// and ??, the cases of a switch, and the default of a parameter or a pattern. Comments leave lines
// and branches out as they do for istanbul, c8 and Node.
'use strict';
const acorn = require('./acorn/acorn.js');

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

// V8 compiles about 1,000 marked branches in each other, which is fewer than without marks.
const MOST_DEPTH = 500;

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

// The line of a place, from 1, and its column, from 0. By halving: places come in no order.
function positions_of(text) {
  const begins = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) begins.push(at + 1);
  return (place) => {
    let [low, high] = [0, begins.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (begins[middle] <= place) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: place - begins[low] };
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

// What is counted of a source: its own text, or that of which the text was made.
class CountedSource {
  constructor(file) {
    this.file = file;
    this.marks = new Map(); // of each line: the number of its mark
    this.branches = []; // the lines where each begins and where its statement does; how many ways
    this.ways = 0; // of all branches
    this.branches_of_places = new Map(); // their marks, where the text was made of others
  }

  lines() {
    return [...this.marks.keys()].sort((a, b) => a - b);
  }

  // A branch stands at its line, or at that of its statement if none begins there. The parameters of
  // a function are of no statement, so their branches stand at the first one behind them.
  counted_branches(lines) {
    const stands_at = (line, known) => {
      if (this.marks.has(line)) return line;
      return this.marks.has(known) ? known : lines.find((each) => each > line) ?? lines.at(-1);
    };
    return this.branches.map(([line, known, ways]) => [stands_at(line, known), ways]);
  }
}

class Marking {
  // `origin_of(node, is_exact)`: the file, and the line in it, that a node comes from; null for one of
  // none. Exactly, or as the next one behind it on the line.
  constructor(text, name, line_of, comments, origin_of) {
    this.name = name;
    this.line_of = line_of;
    this.comments = comments;
    this.origin_of = origin_of;
    this.insertions = new Insertions(text);
    this.sources = new Map(); // by file
    this.marks = []; // what each stands for, from 1: number of the source, line, way
    this.hinted = new Set(); // places of hints whose outermost node was seen
    this.left_out = new Map(); // by its if: the statement that a hint leaves out
    this.depth = 0; // of branches in branches
  }

  _source_of(file) {
    let source = this.sources.get(file);
    if (source === undefined) {
      source = new CountedSource(file);
      source.index = this.sources.size;
      this.sources.set(file, source);
    }
    return source;
  }

  _add_mark(source, line, way) {
    return this.marks.push([source.index, line, way]);
  }

  _text_of(number) {
    return `${this.name}[${number}]||${this.name}(${number})`;
  }

  _origin_of(node, is_exact = false) {
    return this.comments.leave_out(this.line_of(node.start)) ? null : this.origin_of(node, is_exact);
  }

  // The mark of a statement, in a text that stands before it; "" if it has been executed by then:
  // `known` is the mark of what stands around.
  _mark(node, known) {
    const origin = this._origin_of(node);
    if (origin === null) return { text: '', number: known };
    const source = this._source_of(origin.file);
    let number = source.marks.get(origin.line);
    if (number === undefined) {
      number = this._add_mark(source, origin.line, 0);
      source.marks.set(origin.line, number);
    }
    return { text: number === known ? '' : this._text_of(number), number };
  }

  // The marks of the ways on from a branch, which are nodes, or null for one that has no text. What a
  // compiler has put before a place has branches that are not of the source.
  _branch(node, known, ways) {
    const origin = this._origin_of(node, true);
    if (origin === null) return ways.map(() => '');
    const source = this._source_of(origin.file);
    const places = this._places_of(origin, ways);
    const same = source.branches_of_places.get(places);
    if (same !== undefined) return same;
    const marks = ways.map((way) => this._is_way_left_out(way) ? ''
      : this._text_of(this._add_mark(source, 0, ++source.ways)));
    if (places !== null) source.branches_of_places.set(places, marks);
    const counted = marks.filter((mark) => mark !== '').length;
    const around = this.marks[known - 1];
    const statement = around?.[0] === source.index ? around[1] : 0;
    if (counted !== 0) source.branches.push([origin.line, statement, counted]);
    return marks;
  }

  // Of a branch in a text that was made of others: where it and its ways come from. Those that come from
  // the same places are one, as for nyc. So are those of the functions that Babel adds to a text.
  _places_of(origin, ways) {
    if (origin.place === undefined) return null;
    return [origin.place, ...ways.map((way) => way === null ? '' : this._origin_of(way, true)?.place ?? '?')].join(' ');
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
    this._put_in_sequence(node, this._mark(node, known).text);
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
      if (hint === 'if') this.left_out.set(node, node.consequent);
      node[node.left_out] = null;
    }
    return false;
  }

  // `place`: where a statement can be put before it, and whether that takes braces.
  visit(node, known, place = { at: node.start, is_single: false }) {
    if (this._is_left_out(node)) return;
    const is_deeper = node.type === 'IfStatement' || node.type === 'ConditionalExpression';
    if (is_deeper && ++this.depth > MOST_DEPTH) throw new RangeError('branches are nested too deeply');
    this._visit(node, known, place);
    if (is_deeper) --this.depth;
  }

  _visit(node, known, place) {
    if (STATEMENTS.has(node.type)) return this._statement(node, known, place);
    if (node.type === 'ForInStatement' && node.left.declarations) node.left.declarations[0].in_head = true;
    if (node.type === 'VariableDeclarator' && node.init) {
      known = this._variable(node, known);
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
    const has_new_else = keys.some((key, i) => key === 'alternate' && !node.alternate && marks[i] !== '');
    if (has_new_else && !node.in_braces.includes('consequent')) {
      // Or the else would be of an if in there.
      this.insertions.put_before((node.consequent ?? this.left_out.get(node)).start, '{');
    }
    for (const [i, key] of [...keys.entries()].reverse()) {
      const way = node[key];
      if (marks[i] === '') continue;
      if (!way) {
        this.insertions.put_behind(node.end, `else{${marks[i]};}`);
        if (!node.in_braces.includes('consequent')) this.insertions.put_behind(node.end, '}');
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
    const { text: mark, number } = node.directive === undefined ? this._mark(node, known) : { text: '', number: known };
    known = number;
    // An operand's mark begins with a parenthesis, which would call what stands before it.
    const is_open = node.type === 'ExpressionStatement' && node.directive === undefined;
    if (mark !== '' || is_open) {
      this.insertions.put_before(at, `${is_single ? '{' : ''}${mark};`);
      if (is_single) this.insertions.put_behind(node.end, '}');
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
  // Returns what is known then.
  _variable(node, known) {
    const { text: mark, number } = this._mark(node.init, known);
    if (!is_nameless(node.init) || /using/.test(node.kind) || node.in_head) {
      this._put_in_sequence(node.init, mark);
    } else if (mark !== '') {
      this.insertions.put_before(node.start, `{}=${mark},`);
    }
    return number;
  }

  _field({ key, computed, value }, known) {
    const name = is_nameless(value) ? name_of_field(key, computed) : null;
    this._put_before_value(value, name, this._mark(value, known).text);
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

// The text with its marks, what each of them stands for, and of each source that it comes from the
// lines of its statements in order, and its branches. `origin_of(start, end)`: of what stands between
// two positions, exactly or about.
function mark(text, kind, name, origin_of = (start) => ({ file: '', line: start.line })) {
  const { program, comments } = parse(text, kind);
  const position_of = positions_of(text);
  const line_of = (place) => position_of(place).line;
  const marking = new Marking(text, name, line_of, new Comments(text, comments, line_of),
                              (node, is_exact) => origin_of(position_of(node.start), position_of(node.end - 1), is_exact));
  marking.visit(program, 0);
  const sources = [...marking.sources.values()].map((source) => {
    const lines = source.lines();
    return { file: source.file, lines, branches: lines.length === 0 ? [] : source.counted_branches(lines) };
  });
  return { text: marking.insertions.result(), marks: marking.marks, sources };
}

// A name for marks that the text does not use.
function free_name(text) {
  let name = '__gl';
  while (text.includes(name)) name += '_';
  return name;
}

module.exports = { free_name, mark };
