/**
 * In place of svelte's dom/hydration.js in the widget's build: its page comes from the server empty, so nothing is ever
 * hydrated. The functions are those that hydration would need, at the places where it would.
 */
export const hydrating = false
export const hydrate_node = null
export const set_hydrating = () => {}
export const set_hydrate_node = () => null
export const hydrate_next = () => {}
export const hydrate_template = () => {}
export const reset = () => {}
export const next = () => {}
export const skip_nodes = () => null
export const read_hydration_instruction = () => ''
