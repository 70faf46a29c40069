-- Whoever adds up what came in shares the branch until the end of its transaction; an erasure has it alone, from
-- its look-up to its commit. Otherwise a sign-up that is added up in between would see no mark yet, and be found
-- by no look-up: nothing would ever look at it again.
CREATE FUNCTION office_api.hold_branch(b uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
BEGIN
    PERFORM 1 FROM hub.branch r WHERE r.branch_id = b FOR KEY SHARE;
END
$body$;

REVOKE ALL ON FUNCTION office_api.hold_branch(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.hold_branch(uuid) TO hub_projector;

-- Somebody late who went from a laptop is in its copies from before, even if those from before the order were
-- gone: what the file says of the order itself comes after this.
CREATE OR REPLACE FUNCTION office_api.stick_late_done(b uuid, d uuid, subjects uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
DECLARE
    told_first uuid[] := ARRAY(SELECT DISTINCT l.order_id FROM hub.erased_late l
        JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d AND v.fact_id = l.fact_id
        WHERE l.branch_id = b AND l.subject_id = ANY ($3)
            AND NOT EXISTS (SELECT FROM hub.erased_late_done x
                WHERE x.branch_id = b AND x.subject_id = l.subject_id AND x.device_id = d));
BEGIN
    PERFORM hub.note_late(b, d, $3);
    UPDATE hub.erase_done e SET are_copies_new = false
    WHERE e.branch_id = b AND e.device_id = d AND e.order_id = ANY (told_first);
END
$body$;
