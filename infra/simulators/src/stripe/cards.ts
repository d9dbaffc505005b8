/** What a test card does (docs.stripe.com/testing). Any other number that looks right pays. */
export type CardOutcome =
  | { readonly kind: 'pays' }
  | { readonly kind: 'challenge' }
  | {
      readonly kind: 'declined';
      readonly code: string;
      readonly declineCode?: string;
      readonly message: string;
    };

const declined = (code: string, declineCode: string | undefined, message: string): CardOutcome => ({
  kind: 'declined',
  code,
  ...(declineCode !== undefined && { declineCode }),
  message,
});

const cards: Readonly<Record<string, CardOutcome>> = {
  '4000000000000002': declined('card_declined', 'generic_decline', 'Your card was declined.'),
  '4000000000009995': declined(
    'card_declined',
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  '4000000000009987': declined('card_declined', 'lost_card', 'Your card was declined.'),
  '4000000000009979': declined('card_declined', 'stolen_card', 'Your card was declined.'),
  '4000000000000069': declined('expired_card', undefined, 'Your card has expired.'),
  '4000000000000127': declined(
    'incorrect_cvc',
    undefined,
    "Your card's security code is incorrect.",
  ),
  '4000000000000119': declined(
    'processing_error',
    undefined,
    'An error occurred while processing your card.',
  ),
  '4000000000000341': declined('card_declined', 'generic_decline', 'Your card was declined.'),
  '4100000000000019': declined('card_declined', 'fraudulent', 'Your card was declined.'),
  '4000002500003155': { kind: 'challenge' },
  '4000002760003184': { kind: 'challenge' },
  '4000000000003220': { kind: 'challenge' },
};

export function outcomeOf(card: string): CardOutcome {
  const digits = card.replaceAll(/\D/g, '');
  if (!/^\d{13,19}$/.test(digits) || !passesLuhn(digits)) {
    return declined('incorrect_number', undefined, 'Your card number is incorrect.');
  }
  return cards[digits] ?? { kind: 'pays' };
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
