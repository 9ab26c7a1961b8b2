// The function of wit/flaky.wit, in the shape that componentize-qjs gives it.

export function getEnvironment(): [name: string, value: string][];
