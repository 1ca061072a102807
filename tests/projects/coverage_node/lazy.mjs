// Loaded when the program runs.
export function lazy() {
  return 1;
}

export default function never() {
  return 2; //: -
}
