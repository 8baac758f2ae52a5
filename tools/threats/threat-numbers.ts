const mention = /\bthreats? (\d+(?:(?:, | and | to )\d+)*)/g;

/** The numbers of the threats that a title names: "threat 7", "threats 6 and 7", "threats 1, 3 to 5". */
export function threatNumbers(title: string): readonly number[] {
  const numbers = new Set<number>();
  for (const [, list = ''] of title.matchAll(mention)) {
    for (const part of list.split(/, | and /)) {
      const [first = NaN, last = first] = part.split(' to ').map(Number);
      for (let number = first; number <= last; number += 1) numbers.add(number);
    }
  }
  return [...numbers];
}
