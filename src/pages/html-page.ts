import { createHash } from 'node:crypto';

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
label{display:block;margin-top:1rem;font-weight:600}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #595959;border-radius:.25rem}
button{font:inherit;margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.25rem;color:#fff;background:#0b4f9e}
input:focus,button:focus{outline:3px solid #e08700;outline-offset:2px}
[role=alert]{border-left:.3rem solid #b00020;padding:.2rem .8rem}
small{display:block}`;

/** No script, no picture and nothing from elsewhere; one style, known by its hash; forms go to where they came from. */
export const HTML_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type: 'text' | 'password';
  /** What browsers and password managers may fill in. */
  readonly autocomplete: string;
  readonly required: boolean;
  /** What was sent before. Never for passwords. */
  readonly value?: string;
}

export interface HtmlForm {
  readonly fields: readonly FormField[];
  /** Sent along unseen. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly button: string;
}

export interface HtmlPage {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** What was wrong with what was sent. */
  readonly faults?: readonly string[];
  readonly form?: HtmlForm;
}

/** A whole page, readable by people and screen readers, that needs no script. All texts are escaped here. */
export function renderHtml({ title, paragraphs, faults = [], form }: HtmlPage): string {
  const alert =
    faults.length === 0
      ? ''
      : `<div role="alert">${faults.map((fault) => `<p>${escapeHtml(fault)}</p>`).join('')}</div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${faults.length === 0 ? '' : 'Error: '}${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${alert}
${form === undefined ? '' : renderForm(form)}
</main>
</body>
</html>
`;
}

/** Without an action a form goes to the address of its page, which would put the token of a link into it once more. */
function renderForm({ fields, hidden, button }: HtmlForm): string {
  const inputs = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<form method="post" action="?">
${[...inputs, ...fields.map(renderField)].join('\n')}
<button type="submit">${escapeHtml(button)}</button>
</form>`;
}

function renderField({ name, label, hint, type, autocomplete, required, value }: FormField): string {
  const id = `field-${escapeHtml(name)}`;
  const attributes = [
    `id="${id}"`,
    `name="${escapeHtml(name)}"`,
    `type="${type}"`,
    `autocomplete="${escapeHtml(autocomplete)}"`,
    ...(required ? ['required'] : []),
    ...(hint === undefined ? [] : [`aria-describedby="${id}-hint"`]),
    ...(value === undefined || type === 'password' ? [] : [`value="${escapeHtml(value)}"`]),
  ];
  const explanation = hint === undefined ? '' : `\n<small id="${id}-hint">${escapeHtml(hint)}</small>`;
  return `<label for="${id}">${escapeHtml(label)}</label>\n<input ${attributes.join(' ')}>${explanation}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
