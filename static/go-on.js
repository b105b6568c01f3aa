/* The next ones are filed by themselves while the page is open; without this the button does it. */

const form = document.querySelector('[data-go-on]')
if (form) setTimeout(() => form.requestSubmit(), 400)
