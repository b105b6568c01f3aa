/* Passkeys: what the browser's own window answers goes into a form, which is sent like any other. */

const form = document.querySelector('form[data-passkey]')
const link = document.querySelector('form[data-link]')

if (form && window.PublicKeyCredential) {
  form.hidden = false
  document.querySelector('[data-passkey-without]').hidden = true
  form.addEventListener('submit', answer)
  if (location.origin !== form.dataset.origin) tell('elsewhere')
}

/* What stands behind the "#" of a link is for this page alone: out of the address, and so out of the history. */
if (link && location.hash.length > 1) {
  link.elements.link.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
}

async function answer (event) {
  event.preventDefault()
  tell('')
  try {
    const options = { publicKey: read(JSON.parse(form.dataset.options)) }
    const made = await navigator.credentials[form.dataset.passkey](options)
    form.elements.credential.value = JSON.stringify(written(made))
  } catch {
    return tell(location.origin === form.dataset.origin ? 'stopped' : 'elsewhere')
  }
  form.submit()
}

function tell (what) {
  const told = document.querySelector('[data-passkey-told]')
  told.textContent = what && told.dataset[what]
}

function read (options) {
  const user = options.user && { ...options.user, id: bytes(options.user.id) }
  return { ...options, challenge: bytes(options.challenge), ...(user && { user }) }
}

function written (made) {
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
  const given = parts.filter((part) => made.response[part]).map((part) => [part, text(made.response[part])])
  return { id: made.id, rawId: text(made.rawId), type: made.type, response: Object.fromEntries(given) }
}

/* Base 64 as addresses have it, without padding. */
function bytes (written) {
  return Uint8Array.from(atob(written.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
}

function text (buffer) {
  const written = btoa(String.fromCharCode(...new Uint8Array(buffer)))
  return written.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
