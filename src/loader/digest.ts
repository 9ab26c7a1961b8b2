/**
 * SHA-256 digests in the form that manifests use.
 *
 * @module
 */

/**
 * Computes the digest of some bytes.
 *
 * @param bytes What to digest.
 * @returns `sha256:` and 64 lower-case hexadecimal digits.
 */
export async function sha256Digest(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256:${new Uint8Array(hash).toHex()}`;
}
