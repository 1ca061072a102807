// For versions of Node whose hooks for ES modules run in a thread of their own (18 to 22.14).
import lines from './gentle_node_lines.cjs';

export async function load(address, context, next) {
  return lines.recording_module(address, await next(address, context));
}
