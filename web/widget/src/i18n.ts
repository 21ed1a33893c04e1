// The panel's fixed texts: one row per text, one column per language (en, es, de, fr). Add a language by adding a column.

import type { Language } from './protocol';

const LANGUAGES: readonly Language[] = ['en', 'es', 'de', 'fr'];

const TEXTS = {
  chatWith: ['Chat with {0}', 'Chat con {0}', 'Chat mit {0}', 'Discussion avec {0}'],
  close: ['Close chat', 'Cerrar chat', 'Chat schließen', 'Fermer la discussion'],
  options: ['Options', 'Opciones', 'Optionen', 'Options'],
  messages: ['Messages', 'Mensajes', 'Nachrichten', 'Messages'],
  ai: ['AI', 'IA', 'KI', 'IA'],
  aiHere: ['AI assistant', 'Asistente de IA', 'KI-Assistent', 'Assistant IA'],
  personHere: ['{0} is with you', '{0} está con usted', '{0} ist für Sie da', '{0} est avec vous'],
  team: ['The team', 'El equipo', 'Das Team', "L'équipe"],
  waitOpen: ['A team member will be with you soon', 'Alguien del equipo le atenderá pronto', 'Gleich ist jemand vom Team da', "Quelqu'un de l'équipe arrive bientôt"],
  waitClosed: ['The team is away and will reply here', 'El equipo no está y responderá aquí', 'Das Team ist gerade nicht da und antwortet hier', "L'équipe est absente et répondra ici"],
  joined: ['{0} joined', '{0} se ha unido', '{0} ist dabei', '{0} a rejoint la discussion'],
  you: ['You', 'Usted', 'Sie', 'Vous'],
  typing: ['{0} is typing', '{0} está escribiendo', '{0} schreibt', '{0} écrit'],
  chooseTime: ['Choose a time', 'Elegir una hora', 'Zeit wählen', 'Choisir un horaire'],
  bookedFor: ['Booked: {0}', 'Reservado: {0}', 'Gebucht: {0}', 'Réservé : {0}'],
  sources: ['Sources', 'Fuentes', 'Quellen', 'Sources'],
  cut: ['Stopped here: a team member took over', 'Interrumpido: alguien del equipo tomó el relevo', 'Hier beendet: jemand vom Team hat übernommen', "Interrompu : l'équipe a pris le relais"],
  placeholder: ['Write a message…', 'Escriba un mensaje…', 'Nachricht schreiben…', 'Écrivez un message…'],
  send: ['Send', 'Enviar', 'Senden', 'Envoyer'],
  sending: ['Sending…', 'Enviando…', 'Wird gesendet…', 'Envoi…'],
  waiting: ['Waiting for connection', 'Esperando conexión', 'Wartet auf Verbindung', 'En attente de connexion'],
  notSent: ['Not sent.', 'No enviado.', 'Nicht gesendet.', 'Non envoyé.'],
  retry: ['Try again', 'Reintentar', 'Erneut senden', 'Réessayer'],
  edit: ['Edit', 'Editar', 'Bearbeiten', 'Modifier'],
  offline: ['No connection. Your messages are kept and sent when it is back.', 'Sin conexión. Sus mensajes se guardan y se envían cuando vuelva.', 'Keine Verbindung. Ihre Nachrichten bleiben erhalten und gehen danach raus.', 'Pas de connexion. Vos messages sont gardés et partiront à son retour.'],
  slow: ['Too many messages at once. Sending again in {0} s.', 'Demasiados mensajes a la vez. Se reenvía en {0} s.', 'Zu viele Nachrichten auf einmal. Neuer Versuch in {0} s.', 'Trop de messages à la fois. Nouvel envoi dans {0} s.'],
  tooLong: ['It is longer than {0} characters. Shorten it, then send it again.', 'Tiene más de {0} caracteres. Acórtelo y vuelva a enviarlo.', 'Sie hat mehr als {0} Zeichen. Bitte kürzen und erneut senden.', 'Il dépasse {0} caractères. Raccourcissez-le puis renvoyez-le.'],
  refused: ['The chat did not accept it.', 'El chat no lo aceptó.', 'Der Chat hat sie nicht angenommen.', "La discussion ne l'a pas accepté."],
  newer: ['New messages', 'Mensajes nuevos', 'Neue Nachrichten', 'Nouveaux messages'],
  end: ['End conversation', 'Terminar conversación', 'Unterhaltung beenden', 'Terminer la conversation'],
  endSure: ['End this conversation?', '¿Terminar esta conversación?', 'Diese Unterhaltung beenden?', 'Terminer cette conversation ?'],
  keep: ['Keep chatting', 'Seguir', 'Weiter chatten', 'Continuer'],
  ended: ['This conversation has ended.', 'Esta conversación ha terminado.', 'Diese Unterhaltung ist beendet.', 'Cette conversation est terminée.'],
  rate: ['How was it?', '¿Qué tal ha ido?', 'Wie war es?', "Comment c'était ?"],
  stars: ['{0} of 5', '{0} de 5', '{0} von 5', '{0} sur 5'],
  comment: ['Tell us more (optional)', 'Cuéntenos más (opcional)', 'Möchten Sie mehr sagen? (freiwillig)', 'Dites-nous en plus (facultatif)'],
  rateSend: ['Send rating', 'Enviar valoración', 'Bewertung senden', "Envoyer l'avis"],
  thanks: ['Thank you for your feedback.', 'Gracias por su opinión.', 'Danke für Ihre Rückmeldung.', 'Merci pour votre avis.'],
  failed: ['That did not work. Check your connection and try again.', 'No ha funcionado. Revise su conexión y reinténtelo.', 'Das hat nicht geklappt. Bitte Verbindung prüfen und erneut versuchen.', "Cela n'a pas marché. Vérifiez votre connexion et réessayez."],
  fresh: ['Start a new conversation', 'Iniciar otra conversación', 'Neue Unterhaltung beginnen', 'Nouvelle conversation'],
  newStart: ['New conversation', 'Conversación nueva', 'Neue Unterhaltung', 'Nouvelle conversation'],
} as const satisfies Record<string, readonly [string, string, string, string]>;

export type TextKey = keyof typeof TEXTS;
export type Texts = (key: TextKey, value?: string | number) => string;

/** The texts of a language; an unknown one reads English. `{0}` takes the value. */
export function texts(language: string): Texts {
  const column = Math.max(0, LANGUAGES.indexOf(language as Language));
  return (key, value = '') => TEXTS[key][column as 0].replace('{0}', () => String(value));
}
