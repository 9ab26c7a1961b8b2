// The function of wit/fetcher.wit, in the shape that componentize-js gives it.

export function getEnvironment(): [name: string, value: string][];
