// JavaScript was made of it (typed.js) by: tsc --target es2015 --module commonjs --sourceMap typed.ts
interface Named {
  name: string;
}

class Greeter {
  constructor(private readonly named: Named = { name: 'you' }) {}

  greet(loud?: boolean): string {
    const words = `hello ${this.named.name}`;
    if (loud) {
      return words.toUpperCase(); //: -
    }
    return words;
  }
}

enum Kind { plain, loud }

export const greeting = new Greeter().greet(Kind.plain as number === Kind.loud);
