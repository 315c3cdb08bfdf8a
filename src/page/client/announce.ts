/** Has a screen reader say it, when it has come to the end of what it is saying. */
export function announce(text: string): void {
  const news = document.getElementById('news');
  if (news) news.textContent = text;
}
