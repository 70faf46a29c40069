-- What the office needs to set short links up: the codes of print runs with their targets, and its own
-- published document, which names what short links begin with. Neither holds anything of a visitor.

CREATE FUNCTION office_api.print_runs(b uuid, most integer)
RETURNS TABLE (
    code text, target text, flyer text, language text, event_name text, pieces bigint, prepared_at bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.code, p.target, p.flyer, p.language, coalesce(e.name, ''), p.pieces::bigint, p.prepared_at
    FROM hub.print_run p
    LEFT JOIN hub.event e ON e.branch_id = b AND e.subject_id = p.event_id
    WHERE p.branch_id = b AND NOT p.is_voided
    ORDER BY p.prepared_at DESC, p.subject_id DESC
    LIMIT least(greatest($2, 0), 10000);
END
$body$;

CREATE FUNCTION office_api.published(b uuid)
RETURNS TABLE (body bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.body FROM hub.briefing r WHERE r.branch_id = b ORDER BY r.version DESC LIMIT 1;
END
$body$;

REVOKE ALL ON FUNCTION office_api.print_runs(uuid, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.published(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.print_runs(uuid, integer) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.published(uuid) TO hub_office;
