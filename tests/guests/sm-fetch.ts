// Fetches what the message, as JSON, says: a URL, a method and a body. Answers with the status and
// the body, or with the error, as JSON.

export async function handleTimerRequest(msg: string): Promise<string> {
  const { url, method, body } = JSON.parse(msg);
  try {
    const response = await fetch(url, { method, body });
    return JSON.stringify({ status: response.status, body: await response.text() });
  } catch (error) {
    return JSON.stringify({ error: String(error) });
  }
}
