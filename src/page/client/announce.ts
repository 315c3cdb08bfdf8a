/** Lets a screen reader speak a text after the present one. */
export function announce(text: string): void {
  const news = document.getElementById('news');
  if (news) news.textContent = text;
}
