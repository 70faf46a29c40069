-- Nobody may anything but what is granted here. Laptops get EXECUTE one by one, each under its own name: as
-- members of a shared role they could take its rights away from all others (DROP OWNED BY that role).

REVOKE ALL ON SCHEMA hub, api, office_api FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA hub FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub, api, office_api FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

GRANT USAGE ON SCHEMA office_api TO hub_office;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA office_api TO hub_office;
GRANT USAGE ON SCHEMA hub TO hub_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA hub TO hub_projector;
GRANT UPDATE, DELETE ON hub.inbox TO hub_projector;
GRANT INSERT, UPDATE, DELETE ON hub.quarantine, hub.projecting TO hub_projector;
