import { WHOLE_SCREEN } from './protocol.ts'

/**
 * How the panel on the host page looks, and its launcher from then on. Sent to the loader with the first word: whoever
 * has no app needs no panel, and every byte of the loader is a cost of the host page. `div` is the panel in the loader's shadow root (host/style.ts).
 */
export const PANEL_STYLE = `
button,div{transition:.12s}
button:hover{transform:translateY(-1px)}
[aria-expanded=true]::before{width:11px;height:11px;margin-top:-6px;border:solid;border-width:0 2.5px 2.5px 0;background:0;clip-path:none;transform:rotate(45deg)}
div{bottom:92px;width:380px;height:min(640px,100dvh - 112px);border-radius:16px;overflow:hidden;opacity:0;transform:translateY(10px)}
.open{visibility:visible;opacity:1;transform:none}
iframe{width:100%;height:100%;border:0;color-scheme:light dark}
@media ${WHOLE_SCREEN}{div{inset:0 0 auto;width:100%;height:100dvh;border-radius:0}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}`
