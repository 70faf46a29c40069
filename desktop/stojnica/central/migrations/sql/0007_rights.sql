-- The projector has consents weighed anew when somebody takes them back by address: it writes their sign-ups into
-- the inbox, as a push does.
GRANT INSERT ON hub.inbox TO hub_projector;
