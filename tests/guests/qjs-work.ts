// Computes for a while, as programs in JavaScript do: numbers, objects, strings.

function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

export function handleTimerRequest(payload: string): string {
  const words: Record<string, number> = {};
  for (let index = 0; index < 20_000; index++) {
    const word = `word${index % 500}`;
    words[word] = (words[word] ?? 0) + index;
  }
  const sorted = Object.entries(words).sort(([, a], [, b]) => b - a).map(([word]) => word);
  const text = JSON.stringify(JSON.parse(JSON.stringify(sorted)));
  return `${payload} ${fibonacci(20)} ${text.length}`;
}
