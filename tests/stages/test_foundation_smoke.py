"""The foundation stands: assembles, answers, refuses."""


def test_the_app_answers_alive(app) -> None:
    answer = app.test_client().get("/alive")
    assert answer.json["state"] == "alive"


def test_code_login(app) -> None:
    sent = []
    app.extensions["code_sender"] = lambda code_id, subject, phone, code: sent.append(code)
    client = app.test_client()
    assert client.post("/api/login/code", json={"phone": "17000000001"}).status_code == 204
    assert client.post("/api/login/phone", json={"phone": "17000000001", "code": "x"}).status_code == 422
    answer = client.post("/api/login/phone", json={"phone": "17000000001", "code": sent[0]})
    assert answer.status_code == 200, answer.json
    me = client.get("/api/me", headers={"Authorization": "Bearer " + answer.json["token"]})
    assert me.json["phone"] == "170****0001"
