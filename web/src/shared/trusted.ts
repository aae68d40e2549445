/**
 * Trusted Types: the browser lets no text become markup or a script, whoever asks. The one exception is what antd writes
 * into <style>: text without a tag.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string | null }): unknown;
}

export function refuseMarkup(text: string): string | null {
  return text.includes("<") ? null : text;
}

const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy("default", { createHTML: refuseMarkup });
