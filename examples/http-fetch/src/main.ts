// @ts-types="./wasi.d.ts"
import { getEnvironment } from "wasi:cli/environment@0.2.10";

/** Fetches the page in the environment variable URL, and says what came of it. */
export async function handleTimerRequest(_msg: string): Promise<string> {
  const { URL: url } = Object.fromEntries(getEnvironment());
  if (url === undefined) return "The environment variable URL is not set";
  try {
    const response = await fetch(url);
    const page = await response.text();
    return `${url} answered ${response.status} with ${page.length} characters`;
  } catch (error) {
    return `${url} could not be fetched: ${String(error).trim()}`;
  }
}
