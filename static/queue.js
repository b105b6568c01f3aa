/* Keys for the queue: each does what a link or a button of the page does. */

const keys = document.querySelector('[data-keys]')
const on = document.querySelector('[data-keys-on]')
const KEPT = 'rightface-keys'

if (keys) {
  keys.hidden = false
  on.checked = localStorage.getItem(KEPT) !== 'off'
  on.addEventListener('change', () => localStorage.setItem(KEPT, on.checked ? 'on' : 'off'))
  window.addEventListener('keydown', pressed)
}

function pressed (event) {
  const typing = event.target.closest('textarea, select, input:not([type=radio], [type=checkbox])')
  if (!on.checked || typing || event.ctrlKey || event.altKey || event.metaKey) return
  const act = { j: () => step(1), k: () => step(-1), x: tick, c: take, d: decide, q: back, '?': help }[event.key]
  if (act ?? /^[1-9]$/.test(event.key)) {
    event.preventDefault()
    act ? act() : choose(Number(event.key))
  }
}

function step (by) {
  const links = [...document.querySelectorAll('[data-item] a')]
  const at = links.findIndex((link) => link.closest('[data-item]').contains(document.activeElement))
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus()
}

function tick () {
  document.activeElement.closest('[data-item]')?.querySelector('input[type=checkbox]')?.click()
}

function take () {
  document.querySelector('[data-take]')?.requestSubmit()
}

function choose (number) {
  const choice = document.querySelectorAll('[data-decide] input[type=radio]')[number - 1]
  choice?.click()
  choice?.focus()
}

function decide () {
  const form = document.querySelector('[data-decide]')
  form?.requestSubmit(form.querySelector('button'))
}

function back () {
  document.querySelector('[data-queue]')?.click()
}

function help () {
  keys.open = !keys.open
  if (keys.open) keys.querySelector('summary').focus()
}
