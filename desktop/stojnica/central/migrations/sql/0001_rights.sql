-- Nobody may anything but what is granted here. Laptops get EXECUTE one by one, each under its own name: they
-- are members of nothing, and there is no role that they could take on.

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
