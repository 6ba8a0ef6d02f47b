import { describe, expect, it } from 'vitest';
import { escapeHtml, HTML_POLICY, renderHtml } from '../../../src/pages/html-page.js';

const EVIL = `"><script>alert('1')</script>&`;

describe('a page', () => {
  it('shows texts for what they are, wherever they stand', () => {
    const page = renderHtml({
      title: EVIL,
      paragraphs: [EVIL],
      faults: [EVIL],
      form: {
        fields: [
          { name: 'a', label: EVIL, hint: EVIL, type: 'text', autocomplete: 'name', required: true, value: EVIL },
        ],
        hidden: { token: EVIL },
        button: EVIL,
      },
    });
    expect(page).not.toContain('<script');
    expect(page.split(escapeHtml(EVIL)).length - 1).toBe(9);
  });

  it('says in its title that something was wrong, and in an alert what', () => {
    const page = renderHtml({ title: 'A page', paragraphs: [], faults: ['The password is short.'] });
    expect(page).toContain('<title>Error: A page</title>');
    expect(page).toContain('<div role="alert"><p>The password is short.</p></div>');
  });

  it('never shows a password again, and ties each field to its label and hint', () => {
    const field = {
      name: 'p',
      label: 'Password',
      hint: 'Long.',
      type: 'password',
      autocomplete: 'off',
      required: true,
    } as const;
    const page = renderHtml({
      title: 'x',
      paragraphs: [],
      form: { fields: [{ ...field, value: 'swordfish' }], hidden: {}, button: 'Go' },
    });
    expect(page).not.toContain('swordfish');
    expect(page).toContain('<label for="field-p">');
    expect(page).toContain('aria-describedby="field-p-hint"');
    expect(page).toContain('id="field-p-hint"');
  });

  it('comes under a policy that allows no script and nothing from elsewhere', () => {
    expect(HTML_POLICY).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self';/);
    expect(HTML_POLICY).not.toMatch(/unsafe|script-src|\*/);
  });
});
