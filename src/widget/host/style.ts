/**
 * The launcher's and the panel's look. It lives in a constructed style sheet, which a host page's CSP does not forbid
 * (unlike style elements and attributes), inside a shadow root, which its CSS does not reach.
 */

// `display: contents` gives the host element no box: nothing of it can cover the page, and no transform on it can
// become the containing block of what is fixed inside. `!important` in a shadow root wins over the page's own rules.
//
// The inbox's look comes as custom properties of the host element, which `all` leaves alone: --accent, and --left or
// --right. The icon is black or white, whichever stands out from the accent: below a lightness of 49.9 white has a contrast of
// 4.5 or more. colour.ts computes the same for the app; here CSS does it, because every byte of the loader is a cost
// of the host page.
const CSS = `
:host{all:initial!important;display:contents!important}
button{all:unset}
button,div,p{box-sizing:border-box;position:fixed;z-index:2147483000;right:var(--right);left:var(--left);bottom:20px;margin:0;box-shadow:0 0 0 1px #8884,0 1px 3px #0003,0 8px 24px #0003}
button{width:56px;height:56px;border-radius:50%;display:grid;place-items:center;cursor:pointer;
background:var(--accent);color:#fff;color:lch(from var(--accent) calc((49.9 - l)*infinity) 0 0)}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #111}
button::before{content:"";width:26px;height:26px;background:currentColor;
clip-path:path("M13 2c6.6 0 12 4.5 12 10s-5.4 10-12 10q-1.7 0-3.3-.4L3.5 24.5l1.2-5.2Q1 16.5 1 12C1 6.5 6.4 2 13 2z")}
[aria-busy=true]{opacity:.6;cursor:progress}
span,p{border-radius:12px;background:#c8211f;color:#fff;font:600 12px/19px system-ui,sans-serif}
span{position:absolute;top:-4px;right:-4px;padding:0 6px;border:2px solid}
p{bottom:88px;width:270px;padding:12px 16px;background:#fff;color:#111;font:14px/1.45 system-ui,sans-serif}
div{visibility:hidden}
[hidden]{display:none}`

/** Attaches an open shadow root with the style. Open, so that assistive tools and tests can look inside. */
export function createRoot(host: HTMLElement): ShadowRoot {
  const root = host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [new CSSStyleSheet()]
  wear(root)
  return root
}

/** @param more the panel's own look: the app brings it, and until then the panel is not to be seen */
export function wear({ adoptedStyleSheets: [sheet] }: ShadowRoot, more = ''): void {
  sheet?.replaceSync(CSS + more)
}
