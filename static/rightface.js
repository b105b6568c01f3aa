/* What a page does beyond what it does without script: leaving quickly, and GOV.UK's components. */

const leaving = document.querySelector('form[data-leave]')
if (leaving) {
  leaving.addEventListener('submit', leave)
  leaving.querySelector('[data-leave-hint]').hidden = false
  onEscapeThreeTimes(() => leaving.requestSubmit())
  // The Back key must not bring a page with personal details out of the browser's memory.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload())
}

/* Blank the page at once, tell the server to forget, put a neutral page in this one's place.
   A beacon outlives the page; where the browser refuses it the form is sent as without script. */
function leave (event) {
  document.documentElement.classList.add('rf-left')
  document.title = ''
  if (!navigator.sendBeacon(leaving.action, new FormData(leaving))) return
  event.preventDefault()
  location.replace(leaving.dataset.neutral)
}

function onEscapeThreeTimes (act) {
  let presses = []
  window.addEventListener('keydown', (event) => {
    if (event.repeat) return
    presses = event.key === 'Escape' ? [...presses, event.timeStamp].slice(-3) : []
    if (presses.length < 3 || presses[2] - presses[0] >= 3000) return
    event.preventDefault() // to a browser Escape means: stop loading, and so stay here
    act()
  })
}

/* A page that tells of errors is the answer to a form that was sent. When it is sent again, the form itself takes that
   page's place in the history: else Back leads to the browser's question whether to send it once more. */
if (document.querySelector('.govuk-error-summary')) {
  document.addEventListener('submit', () => history.replaceState(history.state, '', location.href))
}

/* Last, and not imported at the top: the way out waits for nothing, and works where these do not load. */
import('./vendor/govuk-frontend/govuk-frontend.min.js').then(({ Button, Checkboxes, ErrorSummary, Radios, SkipLink, createAll }) => {
  document.body.classList.add('js-enabled', 'govuk-frontend-supported')
  for (const component of [Button, Checkboxes, ErrorSummary, Radios, SkipLink]) createAll(component)
})
